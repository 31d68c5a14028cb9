import type { Group, LoadPlan, Rating } from './plan.ts';
import type { NoiseLimits, Options } from './results.ts';

/** Most tasks in a batch: all inputs are made before the first batch and kept until the last. */
export const MOST_TASKS = 1_000_000;
export const MOST_BLOCKS = 10_000;
export const MOST_ROUNDS = 1000;
/** Timers count milliseconds, so a shorter latency cannot be held to. */
export const SHORTEST_OBJECTIVE_MS = 10;
/** Most arrivals of a window. */
export const MOST_REQUESTS = 20_000;
/** More arrivals take hours, and results of which little is learnt: they have to be asked for. */
export const MOST_REQUESTS_UNASKED = 200_000;
/** A pulse of arrivals is long, and shows what happens rather than a small difference: hence few blocks. */
export const PULSE = { blocks: 4, mostTimes: 20, longestMs: 60_000 } as const;
/** Most arrivals per second. */
export const FASTEST_RATE = 10_000;
/** The same, if every one opens a connection, which keeps its port for a minute: a machine has 28,000. */
export const MOST_NEW_PER_SECOND = 300;

/** Amount of evidence: blocks decide how small a difference can be detected, rounds how steady each block is. */
export interface Preset {
  readonly blocks: number;
  readonly rounds: number;
  /** Batches that every worker runs in each block before anything is measured. */
  readonly warmups: number;
  /** Beyond any of these, a block counts as disturbed and may be measured again. */
  readonly noiseLimits: NoiseLimits;
}

export const PRESETS = {
  quick: {
    blocks: 8,
    rounds: 3,
    warmups: 1,
    noiseLimits: {
      stealShare: 0.05,
      throttledShare: 0.02,
      otherCores: 0.5,
      involuntaryPerSecond: 200,
      canaryShare: 0.25,
    },
  },
  standard: {
    blocks: 12,
    rounds: 4,
    warmups: 2,
    noiseLimits: {
      stealShare: 0.02,
      throttledShare: 0.01,
      otherCores: 0.3,
      involuntaryPerSecond: 100,
      canaryShare: 0.15,
    },
  },
  rigorous: {
    blocks: 24,
    rounds: 6,
    warmups: 3,
    noiseLimits: {
      stealShare: 0.01,
      throttledShare: 0.005,
      otherCores: 0.2,
      involuntaryPerSecond: 50,
      canaryShare: 0.1,
    },
  },
} as const satisfies Record<string, Preset>;

export type PresetName = keyof typeof PRESETS;

/** Significance level shared by the comparisons of a workload with its baseline: 95% CIs for all of them jointly. */
export const LEVEL = 0.05;

/**
 * Each look at the results is a chance to be wrong, so looks declared in advance share the level.
 *
 * @param spent part of the level that a race has taken
 */
export function levelPerLook({ looks }: { readonly looks?: readonly number[] }, spent = 0): number {
  return (LEVEL - spent) / (looks?.length ?? 1);
}

/*
 * The race: configurations far behind the leader are dropped after a few fresh starts, and the others are measured
 * again, in new blocks. No test without assumptions could drop them that early, so dropping goes by size, with an
 * assumption about single batches that every run checks (docs/method.md).
 */

/** Drops a configuration that takes at least `factor` times as long as the leader in each of its first starts. */
export interface DropRule {
  readonly starts: number;
  readonly factor: number;
  /** Assumed chance that a start makes an equally fast configuration look that slow, by accident. */
  readonly chance: number;
}

/** Whatever takes less than this many times as long as the leader stays. */
export const LEAST_FACTOR = 1.5;

/** Share of single batches that may be off by that factor. */
export const MOST_OFF = 1 / 10;

const RULES: readonly DropRule[] = [
  { starts: 2, factor: 2.5, chance: 1 / 50 },
  { starts: 3, factor: LEAST_FACTOR, chance: MOST_OFF },
];

/** Blocks of one round each before the confirmation; calibration’s last pass is the start before them. */
export const SCREENING_BLOCKS = 2;
/** Number of blocks before those of the cells that are left. */
export function screeningOf({ isRace, selectBy }: Pick<Group, 'isRace' | 'selectBy'>): number {
  if (isRace !== true) return 0;
  return selectBy === undefined ? SCREENING_BLOCKS : Math.max(0, ...selectBy.map(({ starts }) => starts - 1));
}

/** Numbers of blocks at which to look; without declared ones, only at the end. A selection may end after any block. */
export function looksOf(
  group: Pick<Group, 'isRace' | 'selectBy' | 'blocks'>,
  options: Pick<Options, 'looks' | 'blocks'>,
): readonly number[] {
  const first = screeningOf(group);
  const last = group.blocks.length;
  if (group.selectBy !== undefined) return Array.from({ length: last - first }, (_, block) => first + 1 + block);
  // A confirmation of more blocks than asked for spreads its looks alike.
  return options.looks?.map((look) => first + Math.round((look / options.blocks) * (last - first))) ?? [last];
}

/** With fewer cells there is little to drop, and a plain interval for each is worth more. */
export const LEAST_RACED = 4;
/** Dropping may take at most this much of the level. */
const MOST_SPENT = LEVEL / 2;
/** With more cells than this, one round each: their number makes a block long enough. */
const MOST_WITH_ROUNDS = 8;

function costOf({ starts, chance }: DropRule, contenders: number): number {
  return contenders * chance ** starts;
}

/** The rules that fit into the level. @param contenders cells but the baseline */
export function rulesFor(contenders: number): readonly DropRule[] {
  let spent = 0;
  return RULES.filter((rule) => {
    spent += costOf(rule, contenders);
    return spent <= MOST_SPENT;
  });
}

/** Comparisons among the cells of a group. */
export function comparisonsOf({ compares, cells }: Pick<Group, 'compares'> & { readonly cells: Counted }): number {
  return compares === 'with-baseline' ? cells.length - 1 : cells.length / 2;
}

type Counted = Readonly<Record<'length', number>>;

/** Configurations that a race may drop: all but the baseline, each with both of its versions. */
export function contendersOf(group: Pick<Group, 'compares' | 'cells'>): number {
  return comparisonsOf(group) - (group.compares === 'with-older-self' ? 1 : 0);
}

/** The rules of a race. */
export function rulesOf(group: Pick<Group, 'compares' | 'cells' | 'selectBy'>): readonly DropRule[] {
  return group.selectBy ?? rulesFor(contendersOf(group));
}

/** Part of the level that dropping takes: the chance to lose any equally fast configuration, by the assumption. */
export function levelOfDropping(contenders: number): number {
  return rulesFor(contenders).reduce((sum, rule) => sum + costOf(rule, contenders), 0);
}

/** Blocks without which the exact signed-rank test, which reaches 2^(1-n) with n blocks, can decide nothing. */
export function blocksNeeded(comparisons: number, level: number = LEVEL): number {
  return comparisons === 0 ? 1 : Math.ceil(1 - Math.log2(level / comparisons));
}

/** Evidence of the confirmation. */
export interface Confirmation {
  readonly blocks: number;
  readonly rounds: number;
}

/**
 * Decided when the race has been run and not changed after, so that no result can have influenced it.
 *
 * @param group before any cell was dropped
 * @param left cells that are left, with the baseline
 * @param asked evidence of the preset, or as given
 */
export function confirmationOf(
  group: Pick<Group, 'compares' | 'cells' | 'selectBy'>,
  left: number,
  asked: Confirmation & { readonly looks?: readonly number[] | undefined },
): Confirmation {
  if (group.selectBy !== undefined) return { blocks: asked.blocks, rounds: asked.rounds };
  const looks = asked.looks?.length ?? 1;
  const comparisons = comparisonsOf({ ...group, cells: { length: left } });
  const needed = blocksNeeded(comparisons * looks, LEVEL - levelOfDropping(contendersOf(group)));
  const last = asked.looks === undefined ? 1 : asked.blocks / (asked.looks[0] ?? asked.blocks);
  const configurations = group.compares === 'with-older-self' ? left / 2 : left;
  const rounds = configurations > MOST_WITH_ROUNDS ? 1 : asked.rounds;
  return { blocks: Math.max(asked.blocks, needed * last), rounds };
}

/** A cell with the batch time of each of its starts, ms, in order. */
export interface Started {
  readonly id: string;
  /** Cells with the same are dropped together or not at all; undefined: each alone. */
  readonly unit?: string;
  readonly startsMs: readonly number[];
}

/** The cell that the others are held against: fastest over the starts that all have had. Undefined without any. */
export function leaderOf(cells: readonly Started[]): Started | undefined {
  const most = Math.max(0, ...cells.map(({ startsMs }) => startsMs.length));
  const over = ({ startsMs }: Started): number => startsMs.reduce((sum, ms) => sum + Math.log(ms), 0);
  return cells.filter(({ startsMs }) => startsMs.length === most && most > 0).toSorted((a, b) => over(a) - over(b))[0];
}

/** True if one takes at least `factor` times as long as the other in each of the first starts. */
export function isBehind(one: Started, other: Started, { starts, factor }: DropRule): boolean {
  const ratios = ratiosOf(one, other).slice(0, starts);
  return ratios.length === starts && ratios.every((ratio) => ratio >= factor);
}

/** How many times as long one took as the other, start by start. */
export function ratiosOf(one: Started, other: Started): readonly number[] {
  const shared = Math.min(one.startsMs.length, other.startsMs.length);
  return one.startsMs.slice(0, shared).map((ms, start) => ms / (other.startsMs[start] ?? ms));
}

/** Ids of the cells to drop after so many starts. @param kept id of the baseline, whose unit is never dropped, if any */
export function dropped(
  cells: readonly Started[],
  kept: string | undefined,
  rules: readonly DropRule[],
): readonly string[] {
  const leader = leaderOf(cells);
  if (leader === undefined) return [];
  const due = rules.filter(({ starts }) => starts === leader.startsMs.length);
  const isStaying = (cell: Started): boolean => cell.id === kept || !due.some((rule) => isBehind(cell, leader, rule));
  const unitOf = ({ id, unit = id }: Started): string => unit;
  const staying = new Set(cells.filter(isStaying).map(unitOf));
  return cells.filter((cell) => !staying.has(unitOf(cell))).map(({ id }) => id);
}

/**
 * Whether further starts could drop any cell: one that was far behind another in each of its starts so far. The leader
 * may still change, so any other counts.
 *
 * @param kept id of the baseline, which is never dropped, if any
 */
export function couldDrop(cells: readonly Started[], kept: string | undefined, rules: readonly DropRule[]): boolean {
  const starts = leaderOf(cells)?.startsMs.length ?? 0;
  const further = rules.filter((rule) => rule.starts > starts).map((rule) => ({ ...rule, starts }));
  return further.some((rule) =>
    cells.some((cell) => cell.id !== kept && cells.some((other) => other !== cell && isBehind(cell, other, rule))),
  );
}

/** Pause and start of a window, beside its arrivals: about what a quick load of primes over HTTP takes. */
export const BETWEEN_WINDOWS_MS = 300;

/** By then, the code that passes a request on is compiled: docs/method.md has how its CPU time falls. */
const WARM_REQUESTS = 2000;
/** Times the square of a preset's batches: 1, 4 and 9 s. */
const WARMING_MS = 1000;
/** Below so many a second, in proportion to them: what passes a task on is a smaller part of a longer one. */
const FULLY_WARMED = 400;
/** Share of the capacity at which no queue grows. */
const WARM_SHARE = 0.8;

/** Requests that a host answers before the `turns` windows of a block, at constant distances: no more than they have. */
export function warmUpOf(
  { capacity }: Pick<Rating, 'capacity'>,
  { requests: ofWindow, connections }: Pick<LoadPlan, 'requests' | 'connections'>,
  { turns, warmups }: { readonly turns: number } & Pick<Preset, 'warmups'>,
): Readonly<Record<'rate' | 'requests' | 'ms', number>> {
  const rate = Math.min(WARM_SHARE * capacity, connections === 'new' ? MOST_NEW_PER_SECOND : FASTEST_RATE);
  const mostMs = WARMING_MS * warmups ** 2 * Math.min(1, capacity / FULLY_WARMED);
  const requests = Math.min(WARM_REQUESTS, turns * ofWindow, Math.ceil((rate * mostMs) / 1000));
  return { rate, requests, ms: (requests / rate) * 1000 };
}
