import { load } from '../flow.ts';
import type { Session, Stage } from '../flow/session.ts';
import type { MeasuringEvent, Telling } from '../measure/events.ts';
import { EXIT_CELL_FAILED, EXIT_STATUS, LanewiseError } from '../model/errors.ts';
import type { LoadResults } from '../model/load.ts';
import { jsonText } from '../model/text.ts';
import type { ValuesOf } from '../options/table.ts';
import type { LoadRequest } from '../plan/resolve-load.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import { paintFor } from '../report/dress/tones.ts';
import { loadDocument } from '../report/load/load-document.ts';
import { claimFolder, loadFolder, type ClaimedFolder } from './report-folder.ts';
import { Terminal } from './terminal.ts';

/**
 * Runs `lanewise load`: measures, writes the report folder, prints the report.
 *
 * @returns the exit status
 */
export async function loadAndReport(values: ValuesOf<'load'>): Promise<number> {
  const session = new LoadSession(values);
  try {
    return await load(session);
  } finally {
    await session.close();
  }
}

class LoadSession extends Terminal implements Session<LoadRequest, LoadResults, number> {
  readonly #values: ValuesOf<'load'>;
  readonly #options: ReturnType<typeof loadFolder>;
  #folder: ClaimedFolder<LoadResults> | undefined;

  constructor(values: ValuesOf<'load'>) {
    // An unknown format is refused before anything is loaded.
    const options = loadFolder(values);
    super(values, 'Stopping. Press Ctrl-C again to stop at once.');
    this.#values = values;
    this.#options = options;
  }

  readonly ask = (): LoadRequest => this.#values;

  override async follow<Result>(stage: Stage, measuring: Telling<MeasuringEvent, Result>): Promise<Result> {
    this.#folder ??= await claimFolder(this.#options, this.note);
    return super.follow(stage, measuring);
  }

  readonly report = async (results: LoadResults): Promise<number> => {
    const { complete, cells } = results;
    if (cells.length === 0) throw new LanewiseError('interrupted', 'Interrupted before anything was measured.');
    const print = (): void =>
      void process.stdout.write(
        this.#values.json === true
          ? jsonText(results, 2)
          : dressTerminal(loadDocument(results), paintFor(this.#values, process.stdout)),
      );
    const files = (await this.#folder?.write(results).finally(print)) ?? [];
    this.note(`Written: ${files.join(', ')}`);
    if (!complete) return EXIT_STATUS.interrupted;
    return cells.some(({ status }) => status === 'failed') ? EXIT_CELL_FAILED : 0;
  };

  override async close(): Promise<void> {
    this.#folder?.release();
    await super.close();
  }
}
