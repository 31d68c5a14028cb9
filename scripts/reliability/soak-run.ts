import { Compile } from 'typebox/compile';
import type { Results } from '../../src/model/results.ts';
import { resultsSchema } from '../../src/model/results-schema.ts';
import { QUEUE_STRATEGY_NAMES, STRATEGY_NAMES } from '../../src/model/strategies.ts';
import type { FaultName } from './faults.ts';
import type { SoakCounts } from './tabulate-soak.ts';

/** State of a running soak. */
export interface Soak {
  /** Temporary folder for everything that the soak writes. */
  readonly folder: string;
  /** Returns a whole number from 0 up to, but not including, its argument. */
  readonly random: (below: number) => number;
  /** Whether one strategy of each run needs the server of a queue. */
  readonly hasQueue: boolean;
  readonly counts: SoakCounts;
}

/** Blocks of a run: few, so that it ends soon. */
export const BLOCKS = 6;
/** Latest time of a signal: at any moment of a run, from its start to its report. */
export const LATEST_SIGNAL_MS = 6000;

const validator = Compile(resultsSchema);

export function pick<Item>(items: readonly Item[], random: Soak['random']): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

/** Picks a fault in two of three runs; the others must succeed. */
export function pickFault(random: Soak['random'], names: readonly FaultName[]): FaultName | 'none' {
  return random(3) === 0 ? 'none' : pick(names, random);
}

/** Picks two strategies, which may be the same. */
export function pickStrategies({ random, hasQueue }: Pick<Soak, 'random' | 'hasQueue'>) {
  return hasQueue
    ? [pick(QUEUE_STRATEGY_NAMES, random), pick([...STRATEGY_NAMES, ...QUEUE_STRATEGY_NAMES], random)]
    : [pick(STRATEGY_NAMES, random), pick(STRATEGY_NAMES, random)];
}

/** Counts a complete run and checks its results. */
export function countRun(what: string, results: Results, fault: FaultName | 'none', counts: SoakCounts): void {
  counts.runs += 1;
  counts.samples += results.cells.reduce((sum, { samples }) => sum + samples.length, 0);
  const failed = results.cells.filter((cell) => cell.status === 'failed');
  counts.faults += failed.length;
  const [error] = validator.Errors(results);
  if (error !== undefined) counts.surprises.push(`${what}: ${error.instancePath} ${error.message}`);
  const [broken] = failed;
  if (fault === 'none' && broken !== undefined) counts.surprises.push(`${what}: ${broken.error.message}`);
  const measured = results.cells.filter(({ status, dropped }) => status === 'ok' && dropped === undefined);
  const { blocks = 0, rounds = 0 } = results.workloads[0]?.evidence ?? {};
  if (results.complete && measured.some(({ samples }) => samples.length !== blocks * rounds))
    counts.surprises.push(`${what}: a cell has not all of its samples`);
}
