import { EXIT_CELL_FAILED, EXIT_STATUS, LanewiseError } from '../errors.ts';
import { readEnvironment } from '../measure/environment.ts';
import type { Results, RunComparison } from '../model.ts';
import type { RunRequest } from '../plan/request.ts';
import { renderComparison } from '../report/comparison-text.ts';
import { renderJson } from '../report/json.ts';
import { renderTerminal } from '../report/terminal.ts';
import { compareRuns, run } from '../run.ts';
import { isSet, listOf, textOf, type Args } from './args.ts';
import { comparisonStatus, exitStatus, parseFailOn, requireCommonCells, requireSameMachine } from './compare-files.ts';
import { interruptible } from './interruptible.ts';
import { openProgress, type Progress } from './progress.ts';
import { openReportFolder, runFolder, type ReportFolder } from './report-folder.ts';
import { paintFor } from './screen.ts';

/** `lanewise run`: measures, journals as it goes, writes the report folder, prints the report. @returns the exit status */
export async function runAndReport(args: Args): Promise<number> {
  checkComparing(args);
  const failOn = parseFailOn(textOf(args, 'failOn') ?? 'slower');
  const earlier = await readEarlier(args);
  const request = { ...(earlier && { seed: String(earlier.seed), batches: batchesOf(earlier) }), ...toRequest(args) };
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
    // Half a run is reported, and compared with nothing.
    const comparison =
      earlier !== undefined && results.complete ? compareRuns(earlier, results, results.options.minEffect) : undefined;
    print(results, comparison, args);
    if (!isSet(args, 'quiet')) process.stderr.write(`Written: ${files.join(', ')}\n`);
    if (comparison !== undefined) requireCommonCells(comparison, textOf(args, 'against') ?? '', 'this run');
    const versions = isSet(args, 'versus') ? results.comparisons : [];
    return statusOf(
      results,
      comparison === undefined ? exitStatus(versions, failOn) : comparisonStatus(comparison, failOn),
    );
  } finally {
    progress?.stop();
    folder?.close();
    interruption.end();
  }
}

/** @throws LanewiseError for flags that would do nothing, or would answer two questions with one status */
function checkComparing(args: Args): void {
  const [isVersus, isAgainst] = [isSet(args, 'versus'), textOf(args, 'against') !== undefined];
  if (isVersus && isAgainst)
    throw new LanewiseError(
      'usage',
      'Give either --versus or --against: which of the two would the exit status tell of?',
    );
  if (textOf(args, 'failOn') !== undefined && !isVersus && !isAgainst)
    throw new LanewiseError('usage', '--fail-on says when a comparison fails: it needs --versus or --against.');
  if (isSet(args, 'force') && !isAgainst)
    throw new LanewiseError('usage', '--force allows a comparison with a run of another machine: it needs --against.');
}

/** The run to be compared with, checked before anything is measured. */
async function readEarlier(args: Args): Promise<Results | undefined> {
  const path = textOf(args, 'against');
  if (path === undefined) return undefined;
  const { readResults } = await import('./read-results.ts');
  const earlier = await readResults(path);
  if (!isSet(args, 'force')) requireSameMachine(path, earlier.environment, await readEnvironment());
  return earlier;
}

function batchesOf({ workloads }: Results): NonNullable<RunRequest['batches']> {
  return workloads.map(({ name, params, tasks }) => ({ workload: name, params, tasks }));
}

function print(results: Results, comparison: RunComparison | undefined, args: Args): void {
  const isJson = isSet(args, 'json');
  process.stdout.write(isJson ? renderJson(results) : renderTerminal(results, paintFor(args, process.stdout)));
  if (comparison === undefined) return;
  // With --json nothing but the results goes to stdout.
  const stream = isJson ? process.stderr : process.stdout;
  if (!isJson || !isSet(args, 'quiet')) stream.write(`\n${renderComparison(comparison, paintFor(args, stream))}`);
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
      'startTimeout',
      'timeLimit',
      'atomics',
      'uvThreads',
      'seed',
    ].map((flag) => [flag, textOf(args, flag)]),
  );
  const given = Object.fromEntries(Object.entries({ ...lists, ...texts }).filter(([, value]) => value !== undefined));
  return {
    ...given,
    versus: isSet(args, 'versus'),
    untilDecided: isSet(args, 'untilDecided'),
    ...(args.ceiling === false && { ceilingLanes: [] }),
  };
}

function statusOf({ complete, cells }: Results, compared: number): number {
  if (!complete) return EXIT_STATUS.interrupted;
  return cells.some((cell) => cell.status === 'failed') ? EXIT_CELL_FAILED : compared;
}
