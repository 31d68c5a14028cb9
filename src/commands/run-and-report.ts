import { requireCommonCells, requireSameMachine } from '../flow/comparable-runs.ts';
import { LanewiseError } from '../model/errors.ts';
import { readEnvironment } from '../measure/environment.ts';
import { takeFolder, takeLock, type Lock, type LockOptions } from '../session/lock.ts';
import type { GroupEstimate, Observer } from '../measure/observer.ts';
import type { RunComparison } from '../model/comparison.ts';
import type { Plan } from '../model/plan.ts';
import type { Environment, Results } from '../model/results.ts';
import type { RunRequest } from '../options/request.ts';
import { renderComparison } from '../report/comparison-text.ts';
import { renderJson } from '../report/json.ts';
import { duration } from '../report/numbers.ts';
import { renderTerminal } from '../report/terminal.ts';
import { compareRuns, run } from '../flow/run.ts';
import { defined, isSet, textOf, type Args } from '../options/args.ts';
import { readConfigured } from '../options/configured.ts';
import { comparisonStatus, parseFailOn, versionsStatus } from '../options/fail-on.ts';
import { noteForetold } from '../session/foretold.ts';
import { interruptible } from '../session/interruptible.ts';
import { writeSummary } from '../session/job-summary.ts';
import { openJournal, type BegunJournal, type Comparing, type Journal } from '../session/journal.ts';
import { lockOptions } from '../options/lock-flags.ts';
import { openProgress, type Progress } from '../session/progress.ts';
import { readResults } from '../session/read-results.ts';
import { runRequestOf } from '../options/request-of-args.ts';
import { statusOf } from '../session/run-status.ts';
import { keepUnfinished, openReportFolder, runFolder, type ReportFolder } from '../session/report-folder.ts';
import { checkResuming, comparingOf, howToResume, readBegun, tellKept, withResumedFolder } from '../session/resume.ts';
import { paintFor } from '../cli/screen.ts';
import { beginUnfinished } from '../session/unfinished-run.ts';

/** `lanewise run`: measures, journals as it goes, writes the report folder, prints the report. @returns the exit status */
export async function runAndReport(flags: Args): Promise<number> {
  const given = withResumedFolder(flags);
  checkResuming(given);
  const { request, output } = await readConfigured(given);
  checkComparing(given, request);
  const args: Args = { ...output, ...defined(given) };
  const lock = lockOptions(args);
  if (textOf(args, 'resume') === undefined) return measureAndReport(args, request, lock);
  // Who holds the lock may be measuring the very run that is to be gone on with: its journal is read when that has ended.
  const held = await takeLock(lock);
  try {
    return await measureAndReport(args, request, lock);
  } finally {
    held.release();
  }
}

async function measureAndReport(args: Args, configured: RunRequest, lock: LockOptions): Promise<number> {
  const environment = await readEnvironment();
  const begun = await readBegun(args, environment);
  const comparing = comparingOf(args, begun);
  const failOn = parseFailOn(comparing.failOn ?? 'slower');
  const earlier = await readEarlier(comparing, environment, begun !== undefined || isSet(args, 'force'));
  const request = requestOf(args, configured, earlier, begun);
  const options = runFolder(args);
  const isQuiet = isSet(args, 'quiet');
  const note = (text: string): void => void (isQuiet || process.stderr.write(`${text}\n`));
  const interruption = interruptible();
  let folder: ReportFolder | undefined;
  let journal: Journal | undefined;
  let progress: Progress | undefined;
  let folderLock: Lock | undefined;
  try {
    const watch = async (plan: Plan, startedAt: Date): Promise<Observer> => {
      interruption.begin();
      const opened = openReportFolder(options);
      folderLock = await takeFolder(opened.path);
      noteForetold(plan, note);
      if (begun === undefined) tellKept(keepUnfinished(opened.path), note);
      const onLoss = (reason: string): void =>
        note(`The journal in ${opened.path} cannot be written any more (${reason}): the run goes on without it.`);
      const facts = { folder: opened.path, request, comparing, environment, startedAt, onLoss };
      const opening = openJournal(plan, facts, begun);
      const shown = openProgress(plan, process.stderr, isQuiet);
      beginUnfinished(opened.path);
      [folder, journal, progress] = [opened, opening, shown];
      return {
        ...shown,
        signal: interruption.signal,
        tried: (estimates) => {
          shown.tried?.(estimates);
          tellLimit(estimates, plan.options.timeLimitMs, note);
        },
        measured: (cell, sample) => {
          opening.sample(cell, sample);
          shown.measured(cell, sample);
        },
        saved: opening.saved,
      };
    };
    const results = await run(request, watch, { lock, ...(begun && { begun: begun.run }) });
    progress?.stop();
    const wasInterrupted = interruption.signal.aborted;
    if (results.cells.length === 0 && !results.complete)
      throw new LanewiseError('interrupted', nothingMeasured(wasInterrupted));
    const files = await writeOrPrint(folder, results, args);
    // Half a run is reported, and compared with nothing.
    const comparison =
      earlier !== undefined && results.complete ? compareRuns(earlier, results, results.options.minEffect) : undefined;
    print(results, comparison, args);
    note(`Written: ${files.join(', ')}`);
    await writeSummary(results, args, note);
    if (results.complete) journal?.complete();
    else note(howToResume(results, wasInterrupted, options.path));
    if (comparison !== undefined) requireCommonCells(comparison, comparing.against ?? '', 'this run');
    if (comparison !== undefined) return statusOf(results, comparisonStatus(comparison, failOn));
    return statusOf(results, isOfVersions(request) ? versionsStatus(results, failOn) : 0);
  } finally {
    progress?.stop();
    journal?.close();
    folderLock?.release();
    interruption.end();
  }
}

/** The report is on the screen at least, if it cannot be on the disk. @throws LanewiseError if it cannot */
async function writeOrPrint(
  folder: ReportFolder | undefined,
  results: Results,
  args: Args,
): Promise<readonly string[]> {
  try {
    return (await folder?.write(results)) ?? [];
  } catch (thrown) {
    print(results, undefined, args);
    throw thrown;
  }
}

function nothingMeasured(wasInterrupted: boolean): string {
  return wasInterrupted
    ? 'Interrupted before anything was measured.'
    : 'The time limit was reached before anything was measured: give a longer --time-limit.';
}

/** It is better to know in time. */
function tellLimit(
  estimates: readonly GroupEstimate[],
  limitMs: number | null | undefined,
  note: (text: string) => void,
): void {
  const neededMs = estimates.reduce((sum, { group, blockMs, done }) => sum + (group.blocks.length - done) * blockMs, 0);
  if (limitMs !== null && limitMs !== undefined && neededMs > limitMs)
    note(
      `All blocks would take about ${duration(neededMs)}, more than the time limit of ${duration(limitMs)}: the run will be interrupted then.`,
    );
}

function requestOf(
  args: Args,
  configured: RunRequest,
  earlier: Results | undefined,
  begun: BegunJournal | undefined,
): RunRequest {
  const timeLimit = textOf(args, 'timeLimit');
  if (begun !== undefined) return { ...begun.request, ...(timeLimit !== undefined && { timeLimit }) };
  return {
    ...(earlier && { seed: String(earlier.seed), batches: batchesOf(earlier) }),
    ...runRequestOf(args, configured),
  };
}

/** @throws LanewiseError for flags that would do nothing, or would answer two questions with one status */
function checkComparing(args: Args, configured: RunRequest): void {
  // What a run that is resumed is compared with, it knows itself.
  if (textOf(args, 'resume') !== undefined) return;
  const isVersus = isSet(args, 'versus') || textOf(args, 'versusRef') !== undefined || isOfVersions(configured);
  const isAgainst = textOf(args, 'against') !== undefined;
  if (isVersus && isAgainst)
    throw new LanewiseError(
      'usage',
      'Give either --versus, --versus-ref or --against: the exit status can answer only one question.',
    );
  if (textOf(args, 'failOn') !== undefined && !isVersus && !isAgainst)
    throw new LanewiseError(
      'usage',
      '--fail-on sets when a comparison fails: it needs --versus, --versus-ref or --against.',
    );
  if (isSet(args, 'force') && !isAgainst)
    throw new LanewiseError('usage', '--force allows a comparison with a run of another machine: it needs --against.');
}

function isOfVersions({ versus, versusRef }: RunRequest): boolean {
  return versus === true || versusRef !== undefined;
}

/** The run to be compared with, checked before anything is measured. */
async function readEarlier(
  { against }: Comparing,
  environment: Environment,
  isAnyMachine: boolean,
): Promise<Results | undefined> {
  if (against === undefined) return undefined;
  const earlier = await readResults(against);
  if (!isAnyMachine) requireSameMachine(against, earlier.environment, environment);
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
