import type { Session, Stage } from '../flow/session.ts';
import { run, type RunAsked } from '../flow.ts';
import type { MeasuringEvent, Telling } from '../measure/events.ts';
import type { FailOn } from '../model/comparison.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Environment, Results } from '../model/results.ts';
import { checkComparing, checkResuming, withConfiguration } from '../options/configured.ts';
import { workIn } from '../options/values.ts';
import type { ValuesOf } from '../options/table.ts';
import type { RunRequest } from '../plan/resolve.ts';
import type { ComparedRun, Earlier } from './earlier.ts';
import { openJournal, type BegunJournal, type Comparing, type Journal } from './journal.ts';
import {
  comparingOf,
  howToResume,
  readBegun,
  withResumedFolder,
  beginUnfinished,
  requireUnfinished,
} from './unfinished.ts';
import { onMachine, ReportTerminal, statusOf } from './terminal.ts';

type Run = ValuesOf<'run'>;

/**
 * Runs `lanewise run`: measures, keeps a journal, writes the report folder, prints the report.
 *
 * @returns the exit status
 */
export async function runAndReport(flags: Run): Promise<number> {
  checkResuming('run', flags);
  const values = await withConfiguration('run', withResumedFolder(flags));
  checkComparing('run', values);
  const session = new RunSession(values);
  try {
    return await onMachine(values, () => run(session));
  } finally {
    await session.close();
  }
}

/** A run's request, and the facts of this machine and of other files that belong to it. */
interface Question {
  readonly request: RunRequest;
  readonly environment: Environment;
  readonly failOn: FailOn;
  readonly begun: BegunJournal | undefined;
  readonly comparing: Comparing;
  /** The run to be compared with. */
  readonly earlier: Earlier | undefined;
}

class RunSession extends ReportTerminal implements Session<RunAsked, Results, number> {
  readonly #values: Run;
  #question: Question | undefined;
  #journal: Journal | undefined;

  constructor(values: Run) {
    super(values);
    this.#values = values;
  }

  readonly ask = async (environment: Environment): Promise<RunAsked> => {
    const values = this.#values;
    // Another process may still be measuring the run to resume: its journal is read once the folder is locked.
    if (values.resume !== undefined) await this.#takeUnfinished(values.resume);
    const begun = await readBegun('run', values, environment);
    const comparing = comparingOf(values, begun);
    const { failOn = 0 } = comparing;
    const isAnyMachine = begun !== undefined || values.force === true;
    const earlier = await earlierOf(comparing, isAnyMachine ? undefined : environment);
    if (begun === undefined) earlier?.requireAlike(values);
    const request = requestOf(values, earlier?.results, begun);
    this.#question = { request, environment, begun, comparing, failOn, earlier };
    return { request, begun: begun?.run };
  };

  override async follow<Result>(stage: Stage, measuring: Telling<MeasuringEvent, Result>): Promise<Result> {
    const { request, environment, begun, comparing, earlier } = this.#asked;
    earlier?.requireCommon(stage.plan);
    const folder = await this.open(stage.plan);
    const journal = openJournal(
      stage.plan,
      {
        folder,
        command: 'run',
        request,
        comparing,
        environment,
        began: stage.began,
        onLoss: (reason) =>
          this.note(
            `The journal in ${folder} can no longer be written (${reason}). The run continues, and cannot be resumed.`,
          ),
      },
      begun,
    );
    this.#journal = journal;
    beginUnfinished(folder);
    return super.follow(stage, measuring, journal.on);
  }

  readonly report = async (results: Results): Promise<number> => {
    const { earlier, failOn, request } = this.#asked;
    // An incomplete run is reported, but not compared.
    const compared = results.complete ? earlier?.comparedTo(results) : undefined;
    await this.deliver(results, { below: () => this.#print(compared) });
    if (results.complete) this.#journal?.complete();
    else this.note(howToResume(results.options, this.signal.aborted, this.path));
    if (compared !== undefined) return statusOf(results, compared.status(failOn));
    if (!isOfVersions(request)) return statusOf(results);
    const { versionsStatus } = await import('./comparison-status.ts');
    return statusOf(results, versionsStatus(results, failOn));
  };

  async #takeUnfinished(folder: string): Promise<void> {
    // Waiting would not help; what another process has completed meanwhile is refused below.
    requireUnfinished(folder);
    await this.lock();
    requireUnfinished(folder);
    await this.claim();
  }

  get #asked(): Question {
    if (this.#question === undefined) throw new LanewiseError('internal', 'Nothing was asked for yet.');
    return this.#question;
  }

  #print(compared: ComparedRun | undefined): void {
    if (compared === undefined) return;
    const isJson = this.#values.json === true;
    // With --json only the results go to stdout.
    const stream = isJson ? process.stderr : process.stdout;
    if (!isJson || !this.isQuiet) stream.write(`\n${compared.text(this.#values, stream)}`);
  }

  override async close(): Promise<void> {
    this.#journal?.close();
    await super.close();
  }
}

function requestOf(values: Run, earlier: Results | undefined, begun: BegunJournal | undefined): RunRequest {
  const { timeLimitMs, queueUrl } = values;
  if (begun !== undefined)
    return {
      ...begun.request,
      ...(timeLimitMs !== undefined && { timeLimitMs }),
      ...(queueUrl !== undefined && { queueUrl }),
    };
  return { ...(earlier && { seed: earlier.seed, batches: batchesOf(earlier) }), ...workIn('run', values) };
}

function isOfVersions({ versus, versusRef }: RunRequest): boolean {
  return versus === true || versusRef !== undefined;
}

/** Reads the earlier runs. The code that compares runs is loaded only if there are any. */
async function earlierOf({ against }: Comparing, here: Environment | undefined): Promise<Earlier | undefined> {
  const [first, ...others] = against ?? [];
  return first === undefined ? undefined : (await import('./earlier.ts')).readEarlier([first, ...others], here);
}

function batchesOf({ workloads }: Results): NonNullable<RunRequest['batches']> {
  return workloads.map(({ name, params, tasks }) => ({ workload: name, params, tasks }));
}
