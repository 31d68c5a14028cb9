import { load, type LoadAsked } from '../flow.ts';
import type { Session, Stage } from '../flow/session.ts';
import type { MeasuringEvent, Telling } from '../measure/events.ts';
import { EXIT_CELL_FAILED, EXIT_STATUS, LanewiseError } from '../model/errors.ts';
import type { LoadResults } from '../model/load.ts';
import type { Environment } from '../model/results.ts';
import { jsonText } from '../model/text.ts';
import { checkComparing, checkResuming, withConfiguration } from '../options/configured.ts';
import { workIn } from '../options/values.ts';
import type { ValuesOf } from '../options/table.ts';
import { markdownFile } from '../report/dress/markdown.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import { paintFor } from '../report/dress/tones.ts';
import { plural } from '../report/numbers.ts';
import { loadDocument } from '../report/load/load-document.ts';
import type { Earlier } from './earlier.ts';
import { openJournal, type BegunJournal, type Comparing, type Journal, type JournalOptions } from './journal.ts';
import { claimFolder, loadFolder, type ClaimedFolder } from './report-folder.ts';
import { Terminal } from './terminal.ts';
import {
  beginUnfinished,
  comparingOf,
  howToResume,
  readBegun,
  requireUnfinished,
  withResumedFolder,
} from './unfinished.ts';

type Load = ValuesOf<'load'>;

/**
 * Runs `lanewise load`: measures, keeps a journal, writes the report folder, prints the report.
 *
 * @returns the exit status
 */
export async function loadAndReport(flags: Load): Promise<number> {
  checkResuming('load', flags);
  const values = await withConfiguration('load', withResumedFolder(flags));
  checkComparing('load', values);
  const session = new LoadSession(values);
  try {
    return await load(session);
  } finally {
    await session.close();
  }
}

class LoadSession extends Terminal implements Session<LoadAsked, LoadResults, number> {
  readonly #values: Load;
  readonly #options: ReturnType<typeof loadFolder>;
  #asked: (Pick<JournalOptions, 'request' | 'environment'> & { readonly begun: BegunJournal | undefined }) | undefined;
  #folder: ClaimedFolder<LoadResults> | undefined;
  #journal: Journal | undefined;
  #comparing: Comparing = {};
  #earlier: Earlier<LoadResults> | undefined;

  constructor(values: Load) {
    // An unknown format is refused before anything is loaded.
    const options = loadFolder(values);
    super(values, 'Stopping. Press Ctrl-C again to stop at once.');
    this.#values = values;
    this.#options = options;
  }

  readonly ask = async (environment: Environment): Promise<LoadAsked> => {
    const { resume, timeLimitMs, queueUrl } = this.#values;
    if (resume !== undefined) {
      // Another process may still be measuring: its journal is read once the folder is locked.
      requireUnfinished(resume);
      await this.lock();
      requireUnfinished(resume);
      await this.#claim();
    }
    const begun = await readBegun('load', this.#values, environment);
    this.#comparing = comparingOf(this.#values, begun);
    const isAnyMachine = begun !== undefined || this.#values.force === true;
    this.#earlier = await earlierOf(this.#comparing, isAnyMachine ? undefined : environment);
    if (begun === undefined) this.#earlier?.requireAlike(this.#values);
    const request =
      begun === undefined
        ? { ...likeEarlier(this.#earlier?.results, this.#values), ...workIn('load', this.#values) }
        : {
            ...begun.request,
            ...(timeLimitMs !== undefined && { timeLimitMs }),
            ...(queueUrl !== undefined && { queueUrl }),
          };
    this.#asked = { request, environment, begun };
    return { request, begun: begun?.run };
  };

  override async follow<Result>(stage: Stage, measuring: Telling<MeasuringEvent, Result>): Promise<Result> {
    if (this.#asked === undefined) throw new LanewiseError('internal', 'Nothing was asked for yet.');
    const { begun, ...asked } = this.#asked;
    this.#earlier?.requireCommon(stage.plan);
    const { path: folder } = await this.#claim();
    // Once: the search has as many.
    if (stage.phase !== 'holding') this.#noteBlocks(stage.plan.options.blocks);
    if (stage.phase === 'searching') return super.follow(stage, measuring);
    const onLoss = (reason: string): void =>
      this.note(`The journal in ${folder} can no longer be written (${reason}). This cannot be resumed.`);
    const journal = openJournal(
      stage.plan,
      {
        ...asked,
        folder,
        command: 'load',
        comparing: this.#comparing,
        began: stage.began,
        search: stage.search,
        onLoss,
      },
      begun,
    );
    this.#journal = journal;
    beginUnfinished(folder);
    return super.follow(stage, measuring, journal.on);
  }

  /** Notes that more blocks are measured than were given. */
  #noteBlocks(planned: number): void {
    const { blocks = planned } = this.#values;
    if (blocks < planned)
      this.note(`${plural(blocks, 'block')} cannot decide this at a shared level of 5%: ${planned} are measured.`);
  }

  readonly report = async (results: LoadResults): Promise<number> => {
    const { complete, cells } = results;
    const { summary, json } = this.#values;
    if (cells.length === 0) throw this.nothingMeasured();
    const print = (): void =>
      void process.stdout.write(
        json === true
          ? jsonText(results, 2)
          : dressTerminal(loadDocument(results), paintFor(this.#values, process.stdout)),
      );
    const files = (await this.#folder?.write(results).finally(print)) ?? [];
    // An incomplete measurement is reported, but not compared.
    const compared = complete ? this.#earlier?.comparedTo(results) : undefined;
    // With --json only the results go to stdout.
    const stream = json === true ? process.stderr : process.stdout;
    if (compared !== undefined && (json !== true || !this.isQuiet))
      stream.write(`\n${compared.text(this.#values, stream)}`);
    this.note(`Written: ${files.join(', ')}`);
    if (summary === true) {
      const { writeSummary } = await import('./job-summary.ts');
      await writeSummary(() => markdownFile(loadDocument(results)));
    }
    if (!complete) {
      this.note(
        this.#journal === undefined
          ? 'Interrupted while rates were searched for: partial results are written, and there is nothing to resume.'
          : howToResume(this.#values, this.signal.aborted, this.#options.path),
      );
      return EXIT_STATUS.interrupted;
    }
    this.#journal?.complete();
    if (cells.some(({ status }) => status === 'failed')) return EXIT_CELL_FAILED;
    const { failOn = 0 } = this.#comparing;
    if (compared !== undefined) return compared.status(failOn);
    if (cells.every(({ version }) => version === undefined)) return 0;
    const { loadVersionsStatus } = await import('./comparison-status.ts');
    return loadVersionsStatus(results, failOn);
  };

  async #claim(): Promise<ClaimedFolder<LoadResults>> {
    return (this.#folder ??= await claimFolder(this.#options, this.note, this.#values.resume !== undefined));
  }

  override async close(): Promise<void> {
    this.#journal?.close();
    this.#folder?.release();
    await super.close();
  }
}

/** Reads the earlier measurements. The code that compares is loaded only if there are any. */
async function earlierOf(
  { against }: Comparing,
  here: Environment | undefined,
): Promise<Earlier<LoadResults> | undefined> {
  const [first, ...others] = against ?? [];
  return first === undefined ? undefined : (await import('./earlier.ts')).readEarlierLoads([first, ...others], here);
}

/** Settings without which two measurements cannot be compared, and the arrivals that make it most exact. */
function likeEarlier(earlier: LoadResults | undefined, given: Pick<Load, 'via'>): Partial<LoadAsked['request']> {
  if (earlier === undefined) return {};
  const { seed, options, workloads } = earlier;
  const { arrivals, requests, via, connections, maxQueue, giveUpMs, stricterFifo } = options;
  const [workload] = workloads;
  return {
    seed,
    arrivals,
    // Where it was not given, it was made as short as the time allowed.
    window: requests,
    via,
    // In process there are none.
    ...(connections !== undefined && (given.via ?? via) === via && { connections }),
    ...(maxQueue !== null && { maxQueue }),
    ...(giveUpMs !== null && { giveUpMs }),
    stricterFifo,
    ...(workload && { objective: workload.objective }),
    ...(options.rates && { rates: options.rates }),
  };
}
