import { LanewiseError } from '../model/errors.ts';
import { takeFolder, type Lock } from '../session/lock.ts';
import type { Results } from '../model/results.ts';
import { renderJson } from '../report/json.ts';
import { duration, plural } from '../report/numbers.ts';
import { shortId } from '../report/names.ts';
import { renderTerminal } from '../report/terminal.ts';
import type { Deployment } from '../report/tuning/deployment.ts';
import { tune, type WatchTuning } from '../flow/tune.ts';
import { defined, isSet, type Args } from '../options/args.ts';
import { readConfigured } from '../options/configured.ts';
import { deploymentFor } from './deployment.ts';
import { noteForetold } from '../session/foretold.ts';
import { interruptible } from '../session/interruptible.ts';
import { writeSummary } from '../session/job-summary.ts';
import { lockOptions } from '../options/lock-flags.ts';
import { openProgress, type Progress, type ProgressPhase } from '../session/progress.ts';
import { keepUnfinished, openReportFolder, runFolder, type ReportFolder } from '../session/report-folder.ts';
import { tuningRequestOf } from '../options/request-of-args.ts';
import { tellKept } from '../session/resume.ts';
import { statusOf } from '../session/run-status.ts';
import { paintFor } from '../cli/screen.ts';

const PHASES = {
  screening: { name: 'screening ', next: ', then the finalists' },
  confirming: { name: 'finalists of ', next: '' },
} as const satisfies Record<string, ProgressPhase>;

/** `lanewise tune`: screens, confirms, writes the report folder, prints the setting. @returns the exit status */
export async function tuneAndReport(given: Args): Promise<number> {
  const { request, output } = await readConfigured(given);
  const args: Args = { ...output, ...defined(given) };
  const isQuiet = isSet(args, 'quiet');
  const note = (text: string): void => void (isQuiet || process.stderr.write(`${text}\n`));
  const options = runFolder(args);
  const interruption = interruptible();
  const tuning = tuningRequestOf(args, request);
  let where: Deployment | undefined;
  let folder: ReportFolder | undefined;
  let folderLock: Lock | undefined;
  let progress: Progress | undefined;
  const watch: WatchTuning = async (plan, phase) => {
    interruption.begin();
    if (folder === undefined) {
      folder = openReportFolder(options);
      folderLock = await takeFolder(folder.path);
      tellKept(keepUnfinished(folder.path), note);
    }
    progress?.stop();
    if (phase === 'screening') noteForetold(plan, note);
    where = deploymentFor(tuning.workload, plan);
    const cells = plan.groups.flatMap((group) => group.cells);
    note(
      phase === 'screening'
        ? `Screening ${plural(cells.length, 'setting')}.`
        : `Measuring the finalists again: ${cells.map(shortId).join(', ')}.`,
    );
    progress = openProgress(plan, process.stderr, isQuiet, PHASES[phase]);
    return { ...progress, signal: interruption.signal };
  };
  try {
    const results = await tune(tuning, watch, lockOptions(args));
    progress?.stop();
    if (results.cells.length === 0 && !results.complete)
      throw new LanewiseError('interrupted', 'Interrupted before anything was measured.');
    print(results, args, where);
    const files = (await folder?.write(results)) ?? [];
    note(`Written: ${files.join(', ')}`);
    await writeSummary(results, args, note);
    if (!results.complete) note(`Interrupted after ${duration(results.durationMs)}: what was measured is written.`);
    return statusOf(results);
  } finally {
    progress?.stop();
    folderLock?.release();
    interruption.end();
  }
}

function print(results: Results, args: Args, where: Deployment | undefined): void {
  process.stdout.write(
    isSet(args, 'json') ? renderJson(results) : renderTerminal(results, paintFor(args, process.stdout), where),
  );
}
