import { join } from 'node:path';
import type { Session, Stage } from '../flow/session.ts';
import { follow, type MeasuringEvent, type Telling } from '../measure/events.ts';
import { EXIT_CELL_FAILED, EXIT_STATUS, LanewiseError } from '../model/errors.ts';
import type { Plan } from '../model/plan.ts';
import type { Results, Warning } from '../model/results.ts';
import { readable } from '../model/text.ts';
import type { ValuesOf } from '../options/table.ts';
import { renderJson, renderMarkdown, renderTerminal } from '../report/render.ts';
import type { Deployment } from '../report/tuning/deployment.ts';
import { givenTime, plural } from '../report/numbers.ts';
import { warningText } from '../report/warning-text.ts';
import { isToOutlive } from '../system/hang-up.ts';
import { unfinishedText } from './unfinished.ts';
import { takeLock, type Lock, type LockOptions } from './lock.ts';
import { paintFor } from '../report/dress/tones.ts';
import type { CpuProfileFiles } from './cpu-profiles.ts';
import { lengthNotes, longTaskNotes } from './outlook.ts';
import { openProgress } from './progress.ts';
import { claimFolder, runFolder, type ClaimedFolder } from './report-folder.ts';

/** Warnings worth stopping for, to fix the cause and start again; all others can wait for the report. */
const SHOWN_BEFORE: ReadonlySet<Warning['kind']> = new Set(['little-memory', 'withheld-flags', 'measured-tools']);

/** Options of every command that measures. */
type Asked = Pick<ValuesOf<'run'>, 'wait' | 'lock' | 'quiet' | 'timeLimitMs'>;
/** Options of a command that also writes a report folder. */
type ReportAsked = Asked & Pick<ValuesOf<'run'>, 'json' | 'summary' | 'color' | 'resume' | 'out' | 'formats'>;

/** Session of a command that measures: signals, the lock, progress and notes on stderr, results on stdout. */
export class Terminal implements Pick<Session<never, never, never>, 'signal' | 'lock' | 'follow'> {
  readonly #asked: Asked;
  readonly #interruption: Interruption;
  readonly #lockOptions: Omit<LockOptions, 'note'>;
  #locked: Promise<Lock> | undefined;

  /** @param stopping printed on the first signal @throws LanewiseError for options that contradict each other */
  constructor(asked: Asked, stopping?: string) {
    this.#asked = asked;
    // Contradicting options are refused before anything starts.
    this.#lockOptions = lockOptions(asked);
    this.#interruption = interruptible(stopping, asked.timeLimitMs);
  }

  get signal(): AbortSignal {
    return this.#interruption.signal;
  }

  readonly lock = (): Promise<Lock> => (this.#locked ??= takeLock({ ...this.#lockOptions, note: this.note }));

  /** Prints a note on stderr, except with --quiet. */
  readonly note = (text: string): void => void (this.isQuiet || process.stderr.write(`${readable(text)}\n`));

  /** Prints on stderr what somebody must act on, even with --quiet. */
  readonly say = (text: string): void => void process.stderr.write(`${readable(text)}\n`);

  get isQuiet(): boolean {
    return this.#asked.quiet === true;
  }

  /** The error of a measurement that a signal, or the time limit, has ended too soon. */
  nothingMeasured(): LanewiseError {
    return new LanewiseError('interrupted', this.signal.aborted ? INTERRUPTED : OUT_OF_TIME);
  }

  /** From here on an interruption has partial results to keep. */
  begin(): void {
    this.#interruption.begin();
  }

  async follow<Result>(
    stage: Stage,
    measuring: Telling<MeasuringEvent, Result>,
    listen: (event: MeasuringEvent) => void = () => undefined,
  ): Promise<Result> {
    this.begin();
    for (const note of longTaskNotes(stage)) this.note(note);
    const progress = openProgress(stage, process.stderr, this.isQuiet);
    const beganMs = performance.now();
    try {
      return await follow(measuring, (event) => {
        progress.on(event);
        if (event.kind === 'tried')
          for (const note of lengthNotes(event.estimates, stage, performance.now() - beganMs)) this.note(note);
        listen(event);
      });
    } finally {
      progress.stop();
    }
  }

  async close(): Promise<void> {
    this.#interruption.end();
    (await this.#locked?.catch(() => undefined))?.release();
  }
}

/** Session of a command that writes a report: it holds the folder from before anything is measured until the end. */
export class ReportTerminal extends Terminal {
  readonly #asked: ReportAsked;
  readonly #options: ReturnType<typeof runFolder>;
  #folder: ClaimedFolder | undefined;
  #profiles: CpuProfileFiles | undefined;
  #isOpen = false;

  /** @throws LanewiseError also for an unknown format */
  constructor(asked: ReportAsked) {
    // An unknown format is refused before anything is loaded.
    const options = runFolder(asked);
    super(asked);
    this.#asked = asked;
    this.#options = options;
  }

  /** Path of the report folder. */
  get path(): string {
    return this.#options.path;
  }

  /** Takes the report folder, once. @returns its path */
  async claim(): Promise<string> {
    this.#folder ??= await claimFolder(this.#options, this.note, this.#asked.resume !== undefined);
    return this.#folder.path;
  }

  /** Takes the report folder and prints, once, the warnings worth stopping for. @returns its path */
  async open({ warnings }: Plan): Promise<string> {
    this.begin();
    const path = await this.claim();
    if (this.#isOpen) return path;
    this.#isOpen = true;
    for (const warning of warnings.filter(({ kind }) => SHOWN_BEFORE.has(kind)))
      this.note(`Warning: ${warningText(warning)}`);
    return path;
  }

  override async follow<Result>(
    stage: Stage,
    measuring: Telling<MeasuringEvent, Result>,
    listen: (event: MeasuringEvent) => void = () => undefined,
  ): Promise<Result> {
    if (stage.plan.options.cpuProf === true) this.#profiles ??= await this.#openProfiles(await this.open(stage.plan));
    return super.follow(stage, measuring, (event) => {
      if (event.kind === 'profile') this.#profiles?.write(event);
      listen(event);
    });
  }

  /** The code of profiles is loaded only where some are recorded. */
  async #openProfiles(folder: string): Promise<CpuProfileFiles> {
    const { openCpuProfiles } = await import('./cpu-profiles.ts');
    return openCpuProfiles(folder, this.#asked.resume !== undefined, (reason) =>
      this.note(`CPU profiles cannot be written to ${folder} (${reason}). The run continues without these files.`),
    );
  }

  /**
   * Writes the report folder and prints the report, even if it cannot be written.
   *
   * @param options.where paths on this machine, which results leave out
   * @param options.below prints what follows the report
   * @throws LanewiseError if nothing was measured, or it cannot be written
   */
  async deliver(
    results: Results,
    { where, below }: { readonly where?: Deployment | undefined; readonly below?: () => void } = {},
  ): Promise<void> {
    if (results.cells.length === 0 && !results.complete) throw this.nothingMeasured();
    let files: readonly string[] = [];
    try {
      files = (await this.#folder?.write(results)) ?? [];
    } finally {
      process.stdout.write(
        this.#asked.json === true
          ? renderJson(results)
          : await renderTerminal(results, paintFor(this.#asked, process.stdout), where),
      );
    }
    below?.();
    const profiles = this.#profiles?.count() ?? 0;
    const others = profiles === 0 ? [] : [`${plural(profiles, 'CPU profile')} in ${join(this.path, 'cpu-profiles')}`];
    this.note(`Written: ${[...files, ...others].join(', ')}`);
    if (this.#asked.summary === true) {
      const { writeSummary } = await import('./job-summary.ts');
      await writeSummary(() => renderMarkdown(results));
    }
  }

  override async close(): Promise<void> {
    this.#folder?.release();
    await super.close();
  }
}

/** Runs a flow, on a smaller machine if one is asked for; what makes it smaller is loaded only then. */
export async function onMachine<Output>(
  { cpus, memory }: Pick<ValuesOf<'run'>, 'cpus' | 'memory'>,
  flow: () => Promise<Output>,
): Promise<Output> {
  if (cpus === undefined && memory === undefined) return flow();
  const { makeSmaller } = await import('../measure/small-machine.ts');
  const undo = makeSmaller({ cpus: cpus ?? null, memory: memory ?? null });
  try {
    return await flow();
  } finally {
    undo();
  }
}

/** Exit status of results. @param otherwise status of a complete run without failures */
export function statusOf({ complete, cells }: Results, otherwise = 0): number {
  if (!complete) return EXIT_STATUS.interrupted;
  return cells.some((cell) => cell.status === 'failed') ? EXIT_CELL_FAILED : otherwise;
}

/** How to take the lock, from --wait and --no-lock. @throws LanewiseError for both */
function lockOptions({ wait, lock = true }: Asked): Omit<LockOptions, 'note'> {
  if (wait === undefined) return { mode: lock ? 'refuse' : 'ignore' };
  if (!lock) throw new LanewiseError('usage', 'Give either --wait or --no-lock.');
  return {
    mode: 'wait',
    waitMs: wait,
    onWait: (holder) => {
      const who = holder === undefined ? 'another Lanewise' : `the Lanewise of process ${holder.pid}`;
      process.stderr.write(`Waiting for ${who} to end, ${givenTime(wait)} at most; Ctrl-C to give up.\n`);
    },
  };
}

const INTERRUPTED = 'Interrupted before anything was measured.';
const OUT_OF_TIME =
  'The time limit was reached before anything was measured. Raise --time-limit, or measure less: fewer tasks in a batch (--tasks; of a load, --window) or fewer configurations (-s, -p). A task that never ends is named after --timeout, if that is shorter.';

/** Signals that ask a run to end. */
const SIGNALS = isToOutlive() ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT', 'SIGTERM', 'SIGHUP'] as const);

export interface Interruption {
  readonly signal: AbortSignal;
  /** From here on there are partial results to keep. */
  readonly begin: () => void;
  /** Gives the signals back to Node. */
  readonly end: () => void;
}

/**
 * Handles signals: the first asks the run to end and prints `stopping`; the second, or one before anything was started,
 * ends the process and every host with it. So does a time limit reached before that.
 */
function interruptible(
  stopping = 'Stopping after the current batch. Press Ctrl-C again to stop at once.',
  limitMs = Infinity,
): Interruption {
  const abort = new AbortController();
  let hasBegun = false;
  const limit = limitMs === Infinity ? undefined : setTimeout(() => endWith(OUT_OF_TIME), limitMs).unref();
  const onSignal = (): void => {
    if (!hasBegun) endWith(INTERRUPTED);
    if (abort.signal.aborted) {
      const unfinished = unfinishedText();
      if (unfinished !== undefined) process.stderr.write(`${unfinished}\n`);
      process.exit(EXIT_STATUS.interrupted);
    }
    abort.abort();
    process.stderr.write(`\n${stopping}\n`);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: abort.signal,
    begin: () => {
      hasBegun = true;
      clearTimeout(limit);
    },
    end: () => {
      clearTimeout(limit);
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

function endWith(why: string): void {
  process.stderr.write(`lanewise: ${why}\n`);
  process.exit(EXIT_STATUS.interrupted);
}
