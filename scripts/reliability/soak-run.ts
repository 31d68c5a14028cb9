import { Compile } from 'typebox/compile';
import type { Results } from '../../src/model/results.ts';
import { resultsSchema } from '../../src/model/results-schema.ts';
import { STRATEGY_NAMES } from '../../src/model/strategies.ts';
import type { FaultName } from './faults.ts';
import type { SoakCounts } from './tabulate-soak.ts';

/** A soak under way. */
export interface Soak {
  /** Temporary, and everything of the soak is in it. */
  readonly folder: string;
  /** A whole number from 0. */
  readonly random: (below: number) => number;
  readonly counts: SoakCounts;
}

/** So few that a run is soon over. */
export const BLOCKS = 6;
/** Long enough to come at any moment of a run, from its start to its report. */
export const LATEST_SIGNAL_MS = 6000;

const validator = Compile(resultsSchema);

export function pick<Item>(items: readonly Item[], random: Soak['random']): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

/** One run in three misbehaves in no way: it must end well. */
export function pickFault(random: Soak['random'], names: readonly FaultName[]): FaultName | 'none' {
  return random(3) === 0 ? 'none' : pick(names, random);
}

/** Two ways, which may be the same one. */
export function pickWays(random: Soak['random']) {
  return [pick(STRATEGY_NAMES, random), pick(STRATEGY_NAMES, random)];
}

/** Counts a run that came to its end, and looks at its results. */
export function countRun(what: string, results: Results, fault: FaultName | 'none', counts: SoakCounts): void {
  counts.runs += 1;
  counts.samples += results.cells.reduce((sum, { samples }) => sum + samples.length, 0);
  const failed = results.cells.filter((cell) => cell.status === 'failed');
  counts.faults += failed.length;
  const [error] = validator.Errors(results);
  if (error !== undefined) counts.surprises.push(`${what}: ${error.instancePath} ${error.message}`);
  const [broken] = failed;
  if (fault === 'none' && broken !== undefined) counts.surprises.push(`${what}: ${broken.error.message}`);
  const ok = results.cells.filter(({ status }) => status === 'ok');
  if (results.complete && ok.some(({ samples }) => samples.length !== BLOCKS))
    counts.surprises.push(`${what}: a cell has not all of its samples`);
}
