import type { NotComparable } from '../../model/comparison.ts';
import type { LoadCell, LoadResults, LoadWorkload, Window } from '../../model/load.ts';
import { isWithholding } from '../../model/results.ts';
import { isRefused } from './at-rate.ts';
import { isDriverLimited } from './conclude-held.ts';
import { probabilityOf } from '../../model/arrivals.ts';
import { heldByBlock, type BlockRate } from './held-by-block.ts';
import { isOpen } from './open-estimate.ts';
import { plainQueue, type PlainQueue } from './plain-queue.ts';
import { configurationOf, type ComparableRun, type ComparableUnit } from '../comparable-run.ts';

/** Share of blocks in which the rate may lie beyond those measured, where the last of these stands for it. */
const MOST_BEYOND = 1 / 4;

/**
 * A load measurement, as it is compared with another: the rate that each configuration holds or, if rates were given, its
 * latency at each of them.
 */
export function comparableLoad(results: LoadResults): ComparableRun {
  const units = results.workloads.flatMap((workload) =>
    results.cells
      .filter((cell) => cell.workload === workload.name)
      .flatMap((cell) =>
        results.held === undefined
          ? workload.rates.map((rate) => unitAt(rate, cell, workload, results))
          : [unitHeld(cell, workload, results)],
      ),
  );
  return { ...results, options: {}, units: new Map(units.map((unit) => [unit.configuration.cell, unit])) };
}

function unitAt(rate: number, cell: LoadCell, workload: LoadWorkload, results: LoadResults): ComparableUnit {
  const { objective, title } = workload;
  const all = cell.windows.filter((one) => one.phase === undefined && one.rate === rate);
  const windows = all.filter(({ state }) => state !== 'driver-limited');
  return {
    ...cell,
    configuration: {
      ...configurationOf(cell, `${title}: ${objective.quantile} at ${rate} tasks a second`),
      cell: `${cell.id} at ${rate}`,
    },
    doubt: doubtOf(windows, results) ?? (isRefused(all) ? 'driver-limited' : undefined),
    asked: { what: askedOf(workload, results), because: 'other-load' },
    digest: undefined,
    times: windows.map(({ block, round, judgedMs }) => ({ block, round, wallMs: judgedMs ?? Number.NaN })),
  };
}

function unitHeld(cell: LoadCell, workload: LoadWorkload, results: LoadResults): ComparableUnit {
  const { objective, title } = workload;
  const queue = plainQueueOf(cell, objective, results);
  const rates = queue === undefined ? [] : heldByBlock(cell.windows, objective, queue);
  return {
    ...cell,
    configuration: configurationOf(cell, `${title}: rate held`),
    doubt: doubtOf([], results) ?? doubtOfHeld(cell, rates),
    asked: { what: `${objective.ms} ${askedOf(workload, results)}`, because: 'other-load' },
    digest: undefined,
    // The higher the rate, the shorter the time of one task.
    times: rates.map(({ block, at }) => ({ block, round: 0, wallMs: 1000 / Math.exp(at) })),
  };
}

function doubtOfHeld(cell: LoadCell, rates: readonly BlockRate[]): NotComparable | undefined {
  if (isDriverLimited(cell, rates)) return 'driver-limited';
  return rates.filter(isOpen).length > MOST_BEYOND * rates.length ? 'beyond' : undefined;
}

function plainQueueOf(
  { aloneMs, capacity }: LoadCell,
  objective: LoadWorkload['objective'],
  { options, seed }: LoadResults,
): PlainQueue | undefined {
  if (aloneMs === undefined || capacity === undefined) return undefined;
  return plainQueue({ aloneMs, capacity }, { ...options, probability: probabilityOf(objective) }, seed);
}

function doubtOf(windows: readonly Window[], { warnings }: Pick<LoadResults, 'warnings'>): NotComparable | undefined {
  // They are all of the one workload.
  if (warnings.some(isWithholding)) return 'withheld';
  // Their latencies are those of the tasks that got through.
  return windows.some(({ state, judgedMs }) => state === 'overloaded' || judgedMs === null) ? 'overloaded' : undefined;
}

/** Everything that decides which tasks arrive, and which latency is judged. */
function askedOf({ objective, inputs }: LoadWorkload, { options }: LoadResults): string {
  const { arrivals, requests, settling, leastWindowMs, via, connections, maxQueue, giveUpMs, stricterFifo } = options;
  return JSON.stringify([
    objective.quantile,
    inputs,
    arrivals,
    requests,
    settling,
    leastWindowMs,
    via,
    connections,
    maxQueue,
    giveUpMs,
    stricterFifo,
  ]);
}
