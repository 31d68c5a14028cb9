/** Differences of the machine itself between two runs. */
import type { Change } from '../model/comparison.ts';
import { LEVEL } from '../model/evidence.ts';
import type { BlockNoise } from '../model/results.ts';
import type { ComparableRun, ComparableUnit } from './comparable-run.ts';
import { rankSumInterval } from './exact-tests.ts';
import { groupBy, keyOf } from './groups.ts';
import { median } from './quantile.ts';

type Measured = Pick<ComparableRun, 'environment' | 'noise'>;
type Measuring = Pick<ComparableUnit, 'workload' | 'params' | 'poolSize' | 'configuration'>;

/** CPUs that other programs may use more, or less, in one run than in another. */
const SAME_LOAD = 0.25;

/** A machine that runs workers of a cell, in its blocks. */
interface Site {
  /** A letter from b; absent: the machine of the run. */
  readonly machine?: string;
  readonly cpus: number;
  /** Workers of the cell there. */
  readonly lanes: number;
  readonly blocks: readonly Pick<BlockNoise, 'canaryMs' | 'otherCores'>[];
}

/**
 * CPUs that other programs used, if they used more or less of them in the later run than in every earlier one, and
 * there were not enough for the cell as well. A canary on one CPU sees nothing of that.
 */
export function differingLoad(earlier: readonly Measured[], current: Measured, cell: Measuring): Change['otherCpus'] {
  const before = earlier.map((run) => sitesOf(run, cell));
  for (const site of sitesOf(current, cell)) {
    const loads = before.flatMap((sites) => loadOf(sites.find(({ machine }) => machine === site.machine)) ?? []);
    const load = loadOf(site);
    if (load === undefined || loads.length === 0) continue;
    const nearest = loads.toSorted((a, b) => Math.abs(a - load) - Math.abs(b - load))[0] ?? load;
    const isBetween = Math.min(...loads) <= load && load <= Math.max(...loads);
    if (isBetween || Math.abs(nearest - load) <= SAME_LOAD || Math.max(nearest, load) <= site.cpus - site.lanes)
      continue;
    return { old: nearest, new: load, ...(site.machine !== undefined && { machine: site.machine }) };
  }
  return undefined;
}

function loadOf(site: Site | undefined): number | undefined {
  const others = site?.blocks.flatMap(({ otherCores }) => otherCores ?? []) ?? [];
  return others.length === 0 ? undefined : median(others);
}

/** The machine of the run first; then those that joined, as far as the cell was spread. */
function sitesOf({ noise, environment }: Measured, cell: Measuring): readonly Site[] {
  const group = noise.find((one) => keyOf(one) === keyOf(cell));
  if (group === undefined) return [];
  const { machines = 0 } = cell.configuration;
  const all = group.blocks.flatMap((block) => block.machines ?? []);
  const elsewhere = groupBy(
    all.filter(({ name }) => placeOf(name) <= machines),
    ({ name }) => name,
  );
  const each = cell.poolSize / (1 + machines);
  return [
    // Those of machines with the same CPUs are here, too.
    { cpus: environment.availableParallelism, lanes: cell.poolSize - each * elsewhere.size, blocks: group.blocks },
    ...[...elsewhere].map(([machine, blocks]) => ({ machine, cpus: blocks[0]?.cpus ?? 1, lanes: each, blocks })),
  ];
}

/** 1 for machine b, the first that joined. */
function placeOf(name: string): number {
  return name.charCodeAt(0) - 'a'.charCodeAt(0);
}

/** The largest {@link canaryDrift} of a cell's machines; undefined without noise records of each in both runs. */
export function driftOf(old: Measured, current: Measured, cell: Measuring): number | undefined {
  const [before, after] = [sitesOf(old, cell), sitesOf(current, cell)];
  if (before.length === 0 || before.length !== after.length) return undefined;
  const drifts = after.map((site) => {
    const was = before.find(({ machine }) => machine === site.machine);
    return was && canaryDrift(canariesOf(was), canariesOf(site));
  });
  const known = drifts.filter((drift) => drift !== undefined);
  return known.length < drifts.length ? undefined : Math.max(...known);
}

function canariesOf({ blocks }: Site): readonly number[] {
  return blocks.map(({ canaryMs }) => canaryMs);
}

/**
 * Largest factor, as a logarithm in either direction, by which the same fixed work may have slowed down between two
 * runs.
 *
 * @returns undefined if there are too few blocks
 */
export function canaryDrift(beforeMs: readonly number[], afterMs: readonly number[]): number | undefined {
  const interval = rankSumInterval(beforeMs.map(Math.log), afterMs.map(Math.log), LEVEL);
  return interval && Math.max(Math.abs(interval.lo), Math.abs(interval.hi));
}
