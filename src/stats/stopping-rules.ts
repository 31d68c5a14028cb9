import type { CellLog } from '../model/measured.ts';
import type { BlockNoise, NoiseLimits } from '../model/results.ts';
import { median } from './quantile.ts';
import { groupBy } from './groups.ts';
import {
  contendersOf,
  isBehind,
  LEAST_FACTOR,
  leaderOf,
  levelOfDropping,
  MOST_OFF,
  ratiosOf,
  rulesFor,
  type Started,
} from '../model/evidence.ts';
import type { Cell, MeasuredCell, Warning } from '../model/results.ts';
import type { MeasuredGroup } from '../model/measured.ts';

/**
 * Blocks disturbed beyond a limit set in advance, the worst first. Steal and throttling count against the limit itself;
 * signs that the work and the measuring also cause (a slower canary, involuntary switches, CPU time beside the batches)
 * count against the limit above the median block of the group. Every reading covers the whole block: measuring it again
 * cannot depend on which cell looked better in it. Of other machines, each is held against itself. A window is refused for what its driver did, never for its latency.
 */
export function hitBlocks(blocks: readonly BlockNoise[], limits: NoiseLimits): readonly number[] {
  const usualSwitches = usual(blocks, ({ involuntaryPerSecond }) => involuntaryPerSecond);
  // Frequent switches vary a lot from block to block by themselves.
  const switchesLimit = Math.max(limits.involuntaryPerSecond, usualSwitches / 2);
  const excessHere = excessOf(blocks, limits);
  const elsewhere = groupBy(
    blocks.flatMap(({ machines = [] }) => machines),
    ({ name }) => name,
  );
  const excessThere = new Map([...elsewhere].map(([name, noises]) => [name, excessOf(noises, limits)]));
  return blocks
    .map((noise) => ({
      block: noise.block,
      excess: Math.max(
        excessHere(noise),
        ((noise.involuntaryPerSecond ?? usualSwitches) - usualSwitches) / switchesLimit,
        // One is enough: its requests were not those that were planned.
        noise.refusedWindows === undefined ? 0 : 1 + noise.refusedWindows,
        ...(noise.machines ?? []).map((there) => excessThere.get(there.name)?.(there) ?? 0),
      ),
    }))
    .filter(({ excess }) => excess > 1)
    .toSorted((a, b) => b.excess - a.excess)
    .map(({ block }) => block);
}

type Readings = Pick<BlockNoise, 'stealShare' | 'throttledShare' | 'otherCores' | 'canaryMs'>;

/** How far a block of one machine is beyond a limit; above 1: it is. */
function excessOf(noises: readonly Readings[], limits: NoiseLimits): (noise: Readings) => number {
  const usualCanaryMs = usual(noises, ({ canaryMs }) => canaryMs);
  const usualCores = usual(noises, ({ otherCores }) => otherCores);
  return ({ stealShare, throttledShare, otherCores, canaryMs }) =>
    Math.max(
      (stealShare ?? 0) / limits.stealShare,
      (throttledShare ?? 0) / limits.throttledShare,
      ((otherCores ?? usualCores) - usualCores) / limits.otherCores,
      (canaryMs / usualCanaryMs - 1) / limits.canaryShare,
    );
}

function usual<Noise>(noises: readonly Noise[], read: (noise: Noise) => number | null): number {
  const values = noises.map(read).filter((value) => value !== null);
  return values.length === 0 ? 0 : median(values);
}

/** Part of the level that dropping has taken from the comparisons. */
export function spentByRace(group: MeasuredGroup['group']): number {
  return group.isRace === true && group.selectBy === undefined ? levelOfDropping(contendersOf(group)) : 0;
}

function startedOf({ cell: { id }, startsMs }: CellLog): Started {
  return { id, startsMs };
}

/** The starts of a cell, and how far behind it was if it was dropped; empty outside a race, and where nothing is concluded. */
export function racedFields({ group, cells }: MeasuredGroup, log: CellLog): Pick<Cell, 'startsMs' | 'dropped'> {
  if (group.isRace !== true || group.selectBy !== undefined) return {};
  const startsMs = [...log.startsMs];
  const leader = leaderOf(cells.filter(({ error }) => error === undefined).map(startedOf));
  if (log.droppedFor === undefined || leader === undefined) return { startsMs };
  const own = startedOf(log);
  // Versions are compared with each other, so nothing is claimed about one that was dropped.
  const kept = group.compares === 'with-older-self' ? undefined : group.baseline;
  const baseline = cells.find(({ cell, error }) => cell.id === kept && error === undefined);
  const rules = rulesFor(contendersOf(group)).filter(({ starts }) => starts === startsMs.length);
  return {
    startsMs,
    dropped: {
      behind: rangeOf(ratiosOf(own, leader)),
      ...(baseline !== undefined && { speedup: rangeOf(ratiosOf(own, startedOf(baseline)).map((ratio) => 1 / ratio)) }),
      ...(log.droppedFor === 'same-program' && { isSameProgram: true }),
      isSlower: baseline !== undefined && rules.some((rule) => isBehind(own, startedOf(baseline), rule)),
    },
  };
}

function rangeOf(values: readonly number[]): { readonly lo: number; readonly hi: number } {
  return { lo: Math.min(...values), hi: Math.max(...values) };
}

/** One odd batch shows no rate. */
const LEAST_OFF = 2;

/**
 * Checks the assumption of the race in the blocks of its confirmation: how often the first batch of a fresh start is
 * off by the factor of the last rule. Blocks differ as a whole, so each is held against that of the baseline; where most
 * are off in the same direction, it was the baseline's.
 */
export function raceAssumption(
  { group: { isRace, selectBy, workload } }: MeasuredGroup,
  baseline: MeasuredCell | undefined,
  others: readonly MeasuredCell[],
): Extract<Warning, { kind: 'race-assumption' }> | undefined {
  if (isRace !== true || selectBy !== undefined || baseline === undefined) return undefined;
  const offs = others.length === 0 ? [offsOf(baseline)] : others.map((cell) => offsOf(cell, baseline));
  const blocks = [...groupBy(offs.flat(), ({ block }) => block).values()];
  const off = blocks.reduce((sum, own) => sum + batchesOff(own.map(({ direction }) => direction)), 0);
  const batches = blocks.reduce((sum, own) => sum + own.length + (others.length === 0 ? 0 : 1), 0);
  // The ratio of two batches is off about twice as often as one of them.
  return off >= LEAST_OFF && (2 * off) / batches > MOST_OFF
    ? { kind: 'race-assumption', workload: workload.name, share: off / batches, batches }
    : undefined;
}

type Direction = -1 | 0 | 1;

/** The fewest batches that explain these ratios to that of the baseline: their own, or its own and those of the rest. */
function batchesOff(directions: readonly Direction[]): number {
  const count = (wanted: Direction): number => directions.filter((direction) => direction === wanted).length;
  return Math.min(...([0, 1, -1] as const).map((most) => directions.length - count(most) + (most === 0 ? 0 : 1)));
}

/** In which direction the first batch of each block is off from the usual, beside that of the baseline. */
function offsOf(
  cell: MeasuredCell,
  baseline?: MeasuredCell,
): readonly { readonly block: number; readonly direction: Direction }[] {
  const base = new Map(baseline && firstBatches(baseline).map(({ block, wallMs }) => [block, Math.log(wallMs)]));
  const logs = firstBatches(cell).flatMap(({ block, wallMs }) => {
    const beside = baseline === undefined ? 0 : base.get(block);
    return beside === undefined ? [] : [{ block, log: Math.log(wallMs) - beside }];
  });
  const typical = logs.length === 0 ? 0 : median(logs.map(({ log }) => log));
  return logs.map(({ block, log }) => ({ block, direction: directionOf(log - typical) }));
}

function directionOf(by: number): Direction {
  return Math.abs(by) < Math.log(LEAST_FACTOR) ? 0 : by > 0 ? 1 : -1;
}

function firstBatches({ samples }: MeasuredCell): MeasuredCell['samples'] {
  return samples.filter(({ round }) => round === 0);
}
