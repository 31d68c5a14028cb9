import { tune } from '../flow.ts';
import type { Session, Stage } from '../flow/session.ts';
import { deploymentFor } from '../flow/tuned-module.ts';
import type { MeasuringEvent, Telling } from '../measure/events.ts';
import type { TuningResults } from '../model/results.ts';
import { withConfiguration } from '../options/configured.ts';
import type { ValuesOf } from '../options/table.ts';
import type { TuningRequest } from '../plan/resolve-tuning.ts';
import { configurationName } from '../report/names.ts';
import { plural } from '../report/numbers.ts';
import type { Deployment } from '../report/tuning/deployment.ts';
import { onMachine, ReportTerminal, statusOf } from './terminal.ts';
import { whyUnfinished } from './unfinished.ts';

/**
 * Runs `lanewise tune`: screens, confirms, writes the report folder, prints the best configuration.
 *
 * @returns the exit status
 */
export async function tuneAndReport(flags: ValuesOf<'tune'>): Promise<number> {
  const values = await withConfiguration('tune', flags);
  const session = new TuneSession(values);
  try {
    return await onMachine(values, () => tune(session));
  } finally {
    await session.close();
  }
}

class TuneSession extends ReportTerminal implements Session<TuningRequest, TuningResults, number> {
  readonly #values: ValuesOf<'tune'>;
  #where: Deployment | undefined;

  constructor(values: ValuesOf<'tune'>) {
    super(values);
    this.#values = values;
  }

  readonly ask = (): TuningRequest => this.#values;

  override async follow<Result>(stage: Stage, measuring: Telling<MeasuringEvent, Result>): Promise<Result> {
    const { plan, phase } = stage;
    await this.open(plan);
    this.#where = deploymentFor(this.#values.workload, plan);
    const cells = plan.groups.flatMap((group) => group.cells);
    this.note(
      phase === 'screening'
        ? `Screening ${plural(cells.length, 'candidate')}.`
        : `Measuring again: ${cells.map(configurationName).join('; ')}.`,
    );
    return super.follow(stage, measuring);
  }

  readonly report = async (results: TuningResults): Promise<number> => {
    await this.deliver(results, { where: this.#where });
    if (!results.complete)
      this.note(`${whyUnfinished(results.options, this.signal.aborted)}: partial results are written.`);
    return statusOf(results);
  };
}
