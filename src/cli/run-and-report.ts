import { EXIT_CELL_FAILED, EXIT_STATUS, LanewiseError } from '../errors.ts';
import type { Results } from '../model.ts';
import type { RunRequest } from '../plan/request.ts';
import { renderJson } from '../report/json.ts';
import { renderTerminal } from '../report/terminal.ts';
import { run } from '../run.ts';
import { isSet, listOf, textOf, type Args } from './args.ts';
import { interruptible } from './interruptible.ts';
import { openProgress, type Progress } from './progress.ts';
import { openReportFolder, runFolder, type ReportFolder } from './report-folder.ts';
import { paintFor } from './screen.ts';

/** `lanewise run`: measures, journals as it goes, writes the report folder, prints the report. @returns the exit status */
export async function runAndReport(args: Args): Promise<number> {
  const request = toRequest(args);
  const options = runFolder(args);
  const interruption = interruptible();
  let folder: ReportFolder | undefined;
  let progress: Progress | undefined;
  try {
    const results = await run(request, (plan) => {
      interruption.begin();
      const opened = openReportFolder(options);
      const shown = openProgress(plan, process.stderr, isSet(args, 'quiet'));
      folder = opened;
      progress = shown;
      return {
        ...shown,
        signal: interruption.signal,
        measured: (cell, sample) => {
          opened.journal(cell, sample);
          shown.measured(cell, sample);
        },
      };
    });
    progress?.stop();
    if (results.cells.length === 0 && !results.complete)
      throw new LanewiseError('interrupted', 'Interrupted before anything was measured.');
    const files = (await folder?.write(results)) ?? [];
    process.stdout.write(
      isSet(args, 'json') ? renderJson(results) : renderTerminal(results, paintFor(args, process.stdout)),
    );
    if (!isSet(args, 'quiet')) process.stderr.write(`Written: ${files.join(', ')}\n`);
    return exitStatus(results);
  } finally {
    progress?.stop();
    folder?.close();
    interruption.end();
  }
}

function toRequest(args: Args): RunRequest {
  const lists = {
    workloads: listOf(args, 'workload'),
    strategy: listOf(args, 'strategy'),
    poolSize: listOf(args, 'poolSize'),
    inFlight: listOf(args, 'inFlight'),
    param: listOf(args, 'param'),
  };
  const texts = Object.fromEntries(
    [
      'tasks',
      'input',
      'baseline',
      'preset',
      'blocks',
      'rounds',
      'minEffect',
      'timeout',
      'atomics',
      'uvThreads',
      'seed',
    ].map((flag) => [flag, textOf(args, flag)]),
  );
  const given = Object.fromEntries(Object.entries({ ...lists, ...texts }).filter(([, value]) => value !== undefined));
  return {
    ...given,
    untilDecided: isSet(args, 'untilDecided'),
    ...(args.ceiling === false && { ceilingLanes: [] }),
  };
}

function exitStatus({ complete, cells }: Results): number {
  if (!complete) return EXIT_STATUS.interrupted;
  return cells.some((cell) => cell.status === 'failed') ? EXIT_CELL_FAILED : 0;
}
