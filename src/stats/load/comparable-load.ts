import type { NotComparable } from '../../model/comparison.ts';
import type { LoadCell, LoadResults, LoadWorkload, Window } from '../../model/load.ts';
import { isWithholding } from '../../model/results.ts';
import { configurationOf, type ComparableRun, type ComparableUnit } from '../comparable-run.ts';

/** A load measurement, as it is compared with another: each configuration at each rate. */
export function comparableLoad(results: LoadResults): ComparableRun {
  const units = results.workloads.flatMap((workload) =>
    results.cells
      .filter((cell) => cell.workload === workload.name)
      .flatMap((cell) => workload.rates.map((rate) => unitAt(rate, cell, workload, results))),
  );
  return { ...results, options: {}, units: new Map(units.map((unit) => [unit.configuration.cell, unit])) };
}

function unitAt(rate: number, cell: LoadCell, workload: LoadWorkload, results: LoadResults): ComparableUnit {
  const { objective, title } = workload;
  const windows = cell.windows.filter((one) => one.rate === rate && one.state !== 'driver-limited');
  return {
    ...cell,
    configuration: {
      ...configurationOf(cell, `${title}: ${objective.quantile} at ${rate} tasks a second`),
      cell: `${cell.id} at ${rate}`,
    },
    doubt: doubtOf(windows, results),
    asked: { what: askedOf(workload, results), because: 'other-load' },
    digest: undefined,
    times: windows.map(({ block, round, judgedMs }) => ({ block, round, wallMs: judgedMs ?? Number.NaN })),
  };
}

function doubtOf(windows: readonly Window[], { warnings }: Pick<LoadResults, 'warnings'>): NotComparable | undefined {
  // They are all of the one workload.
  if (warnings.some(isWithholding)) return 'withheld';
  // Their latencies are those of the tasks that got through.
  return windows.some(({ state, judgedMs }) => state === 'overloaded' || judgedMs === null) ? 'overloaded' : undefined;
}

/** Everything that decides which tasks arrive, and which latency is judged. */
function askedOf({ objective, inputs }: LoadWorkload, { options }: LoadResults): string {
  const { arrivals, requests, settling, via, connections, maxQueue, giveUpMs, stricterFifo } = options;
  return JSON.stringify([
    objective.quantile,
    inputs,
    arrivals,
    requests,
    settling,
    via,
    connections,
    maxQueue,
    giveUpMs,
    stricterFifo,
  ]);
}
