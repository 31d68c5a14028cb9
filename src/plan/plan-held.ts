import { leastWindowOf, windowMs } from '../model/arrivals.ts';
import { blocksNeeded, warmUpOf, type PresetName } from '../model/evidence.ts';
import { ratedOf, type Rated } from '../model/measured.ts';
import type { CalibratedBatches, Group, LoadPlan, Plan, Turn } from '../model/plan.ts';
import { pulsesMsOf } from '../model/pulse.ts';
import { orderBlocks } from './cells.ts';
import { windowOf, type NamedLoad } from './resolve-load.ts';

/**
 * Rates to measure, as shares of the one that the search found. With tasks of about one length that is within 5% of the
 * rate held in 95% of simulated runs, and blocks differ by some percent, beside other programs by more (docs/method.md);
 * the closer to the rate a window is, the better it places it.
 */
export const AROUND = [0.72, 0.86, 1, 1.16, 1.36] as const;
/** Where these lie between the first and the last of them, on a logarithmic scale. */
const PLACES = AROUND.map((share) => Math.log(share / AROUND[0]) / Math.log(AROUND[4] / AROUND[0]));
/**
 * Configurations that were found to hold rates within this factor have the same ones: beside a neighbour, what
 * `held-by-block.ts` finds depends on where the windows lie, which must not be a difference between like ones.
 */
const SHARED_SPAN = 1.35;
/** Shares of the lowest of these rates, and of the highest, at which all configurations are compared. */
const COMMON = {
  quick: { lowest: [0.9], highest: [] },
  standard: { lowest: [0.5, 0.9], highest: [0.9] },
  rigorous: { lowest: [0.5, 0.9], highest: [0.9] },
} as const satisfies Record<PresetName, { readonly lowest: readonly number[]; readonly highest: readonly number[] }>;
/** Place of the rate that was searched for among those around it. */
const MIDDLE = AROUND.indexOf(1);
/** Far beyond the rate that it holds, a configuration is overloaded, which no comparison describes. */
const HOPELESS = 1.6;
/** Common rates closer than this, as logarithms, are one. */
const ONE_RATE = 0.05;

/** Time for everything, in which quick and standard runs of fast enough work end; windows get shorter for it. */
const BUDGET_MS = { quick: 300_000, standard: 900_000, rigorous: Number.POSITIVE_INFINITY } as const satisfies Record<
  PresetName,
  number
>;
/** Disturbed blocks that are measured again within that time. */
const REPEATED = 1;
/** Simulated queues of even tasks are found to differ as often with 100 as with 150 (docs/method.md). */
const SHORTEST_WINDOW = { quick: 100, standard: 150, rigorous: 150 } as const satisfies Record<PresetName, number>;
/** Warming up until steady, for each cell. */
const STEADYING_MS = 1000;

/** Arrivals that a configuration has at least in a block around the rate that is searched for. */
export function leastArrivals({ load, request: { preset = 'standard' }, isWindowGiven }: NamedLoad): number {
  const isShortened = !isWindowGiven && BUDGET_MS[preset] < Number.POSITIVE_INFINITY;
  return AROUND.length * (isShortened ? Math.min(SHORTEST_WINDOW[preset], load.requests) : load.requests);
}

/** Outcome of a search. */
export interface Searched {
  /** With its ratings. */
  readonly group: Group;
  /** Rates by cell id; those without one are not measured. */
  readonly rates: Readonly<Record<string, number>>;
  readonly calibrated: CalibratedBatches;
  readonly spentMs: number;
}

/**
 * Plans new blocks around the rates that a search found, fixed before them: for each configuration its own, and common
 * ones at which their latencies are compared.
 *
 * @returns undefined without any rate
 */
export function planHeld(
  search: Plan,
  { group, rates: searched, calibrated, spentMs }: Searched,
  { load: asked, request, isWindowGiven }: NamedLoad,
): Plan | undefined {
  const { load } = group;
  const cells = group.cells.filter(({ id }) => searched[id] !== undefined);
  if (load === undefined || !('ratings' in load) || cells.length === 0) return undefined;
  const preset = request.preset ?? 'standard';
  const around = ratesAround(searched);
  const commonRates = commonOf(Object.values(searched), COMMON[preset]);
  const rates = [...new Set(cells.flatMap(({ id }) => allRates(around[id], commonRates)))].toSorted((a, b) => a - b);
  const blocks = blocksFor(request.options.blocks, cells.length, commonRates);
  const { rounds, warmups } = request.options;
  const warmingMs = (id: string): number =>
    warmUpOf(load.ratings[id] ?? load, asked, {
      turns: allRates(around[id], commonRates).length * rounds,
      warmups,
    }).ms;
  const preparingMs = cells.reduce(
    (sum, { id }) => sum + (calibrated[id]?.preparingMs ?? 0) + STEADYING_MS + warmingMs(id),
    0,
  );
  const leastWindowMs = leastWindowOf(load.objective);
  const requests = isWindowGiven
    ? asked.requests
    : fitting(
        cells.flatMap(({ id }) => allRates(around[id], commonRates)),
        { least: Math.min(SHORTEST_WINDOW[preset], asked.requests), most: asked.requests, leastWindowMs },
        ((BUDGET_MS[preset] - spentMs) / (blocks + REPEATED) - preparingMs) / rounds,
      );
  const { tasks } = group.workload;
  const rated = ratedOf({ ...load, ...windowOf(requests), leastWindowMs, rates, commonRates, searched });
  return planAround(search, { tasks, rated, calibrated }, request.options, asked);
}

/** Facts from before the first block, measured by this process or by one whose measurement is resumed. */
interface Before {
  readonly tasks: number;
  readonly rated: Rated;
  readonly calibrated?: CalibratedBatches;
}

/** Plans the blocks around rates that are known. @returns undefined if no rate was searched for */
export function planAround(
  search: Plan,
  { tasks, rated, calibrated }: Before,
  { blocks: asked, rounds }: Pick<Plan['options'], 'blocks' | 'rounds'>,
  load: LoadPlan,
): Plan | undefined {
  const [group] = search.groups;
  const { searched = {}, commonRates = [], rates } = rated;
  const cells = group?.cells.filter(({ id }) => searched[id] !== undefined) ?? [];
  if (group === undefined || cells.length === 0) return undefined;
  const blocks = blocksFor(asked, cells.length, commonRates);
  const around = ratesAround(searched);
  const turns = cells.flatMap((cell) =>
    allRates(around[cell.id], commonRates).map((rate): Turn => ({ ...cell, rateIndex: rates.indexOf(rate) })),
  );
  return {
    ...search,
    options: { ...search.options, blocks, rounds },
    groups: [
      {
        ...group,
        workload: { ...group.workload, tasks },
        cells,
        ...(calibrated && { calibrated }),
        load: {
          ...load,
          ...rated,
          ...(load.overload && { pulsesMs: pulsesMsOf(load.overload, rated.ratings, { held: searched }) }),
        },
        // Another seed, so that the order does not repeat that of the search.
        blocks: orderBlocks(turns, blocks, rounds, search.seed + 1, slotsOf(rated)),
      },
    ],
  };
}

/** Windows that are compared: at a common rate, or at the same place among the rates around each configuration. */
function slotsOf({ rates, commonRates = [], searched = {} }: Rated): (turn: Turn) => number {
  const around = ratesAround(searched);
  return ({ id, rateIndex = 0 }) => {
    const rate = rates[rateIndex] ?? 0;
    if (commonRates.includes(rate)) return rate;
    return -1 - (around[id] ?? []).indexOf(rate);
  };
}

/** Those asked for, or as many as verdicts need. */
function blocksFor(asked: number, cells: number, commonRates: readonly number[]): number {
  return Math.max(asked, blocksNeeded((cells - 1) * commonRates.length));
}

/**
 * The rates around what the search found for each configuration. Those of several reach as far below the lowest of them
 * and above the highest as its own would.
 */
export function ratesAround(searched: Readonly<Record<string, number>>): Readonly<Record<string, readonly number[]>> {
  const lowestFirst = Object.entries(searched).toSorted(([, one], [, other]) => one - other);
  return Object.fromEntries(
    closeTogether(lowestFirst).flatMap((close) => {
      const [lowest, highest] = spanOf(close);
      const [from, to] = [AROUND[0] * lowest, AROUND[4] * highest];
      const rates = PLACES.map((place) => rounded(from * (to / from) ** place));
      return close.map(([id]) => [id, rates]);
    }),
  );
}

type FoundRate = readonly [id: string, rate: number];

/** Cut where the distance is largest, until every part is within the span. */
function closeTogether(lowestFirst: readonly FoundRate[]): readonly (readonly FoundRate[])[] {
  const [lowest, highest] = spanOf(lowestFirst);
  if (highest <= lowest * SHARED_SPAN) return [lowestFirst];
  const steps = lowestFirst.slice(1).map(([, rate], index) => rate / (lowestFirst[index]?.[1] ?? rate));
  const cut = steps.indexOf(Math.max(...steps)) + 1;
  return [...closeTogether(lowestFirst.slice(0, cut)), ...closeTogether(lowestFirst.slice(cut))];
}

function spanOf(lowestFirst: readonly FoundRate[]): readonly [lowest: number, highest: number] {
  return [lowestFirst[0]?.[1] ?? 0, lowestFirst.at(-1)?.[1] ?? 0];
}

/** Rates of one configuration: around its own, and those that others have, too. */
function allRates(around: readonly number[] = [], commonRates: readonly number[]): readonly number[] {
  const most = HOPELESS * (around[MIDDLE] ?? 0);
  return [...new Set([...around, ...commonRates.filter((common) => common <= most)])];
}

function commonOf(
  searched: readonly number[],
  { lowest, highest }: { readonly lowest: readonly number[]; readonly highest: readonly number[] },
): readonly number[] {
  const [least, most] = [Math.min(...searched), Math.max(...searched)];
  const all = [...lowest.map((share) => rounded(share * least)), ...highest.map((share) => rounded(share * most))];
  return all.filter((rate, index) => all.findIndex((other) => Math.abs(Math.log(rate / other)) < ONE_RATE) === index);
}

/** The most arrivals with which the windows of one round fit into the time. */
function fitting(
  rates: readonly number[],
  { least, most, leastWindowMs }: { readonly least: number; readonly most: number; readonly leastWindowMs: number },
  timeMs: number,
): number {
  const roundMs = (requests: number): number =>
    rates.reduce((sum, rate) => sum + windowMs({ ...windowOf(requests), leastWindowMs }, rate), 0);
  let requests = most;
  while (requests > least && roundMs(requests) > timeMs) requests--;
  return requests;
}

const DIGITS = 4;

function rounded(rate: number): number {
  return Number(rate.toPrecision(DIGITS));
}
