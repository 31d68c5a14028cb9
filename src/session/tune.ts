import type { Session, Stage } from '../flow/session.ts';
import { tune } from '../flow.ts';
import type { MeasuringEvent, Telling } from '../measure/events.ts';
import type { Results } from '../model/results.ts';
import { withConfiguration } from '../options/configured.ts';
import type { ValuesOf } from '../options/table.ts';
import type { TuningRequest } from '../plan/resolve-tuning.ts';
import { shortId } from '../report/names.ts';
import { duration, plural } from '../report/numbers.ts';
import type { Deployment } from '../report/tuning/deployment.ts';
import { deploymentFor } from './deployment.ts';
import { noteForetold } from './foretold.ts';
import { claimFolder, runFolder, type ClaimedFolder } from './report-folder.ts';
import { statusOf, Terminal } from './terminal.ts';

/** `lanewise tune`: screens, confirms, writes the report folder, prints the setting. @returns the exit status */
export async function tuneAndReport(flags: ValuesOf<'tune'>): Promise<number> {
  const session = new TuneSession(await withConfiguration('tune', flags));
  try {
    return await tune(session);
  } finally {
    await session.close();
  }
}

class TuneSession extends Terminal implements Session<TuningRequest, Results, number> {
  readonly #values: ValuesOf<'tune'>;
  #folder: ClaimedFolder | undefined;
  #where: Deployment | undefined;

  constructor(values: ValuesOf<'tune'>) {
    super(values);
    this.#values = values;
  }

  readonly ask = (): TuningRequest => this.#values;

  override async follow<Result>(stage: Stage, measuring: Telling<MeasuringEvent, Result>): Promise<Result> {
    const { plan, phase } = stage;
    this.begin();
    this.#folder ??= await claimFolder(runFolder(this.#values), this.note);
    this.#where = deploymentFor(this.#values.workload, plan);
    const cells = plan.groups.flatMap((group) => group.cells);
    if (phase === 'screening') noteForetold(plan, this.note);
    this.note(
      phase === 'screening'
        ? `Screening ${plural(cells.length, 'setting')}.`
        : `Measuring the finalists again: ${cells.map(shortId).join(', ')}.`,
    );
    return super.follow(stage, measuring);
  }

  readonly report = async (results: Results): Promise<number> => {
    if (this.#folder !== undefined) await this.deliver(results, this.#folder, { where: this.#where });
    if (!results.complete)
      this.note(`Interrupted after ${duration(results.durationMs)}: what was measured is written.`);
    return statusOf(results);
  };

  override async close(): Promise<void> {
    this.#folder?.release();
    await super.close();
  }
}
