import type { CellLog, Measured, MeasuredGroup } from '../../model/measured.ts';
import { LEVEL } from '../../model/evidence.ts';
import type { AtRate, LatencyComparison, LoadCell, LoadResults, MeasuredLoadCell } from '../../model/load.ts';
import type { Group, Plan, RatedLoad } from '../../model/plan.ts';
import { familyOf } from '../../model/strategies.ts';
import { pairsWith, pairsWithSelf } from '../compare.ts';
import { isWithholding, type Options } from '../../model/results.ts';
import { compareLatencies, summarizeRate } from './at-rate.ts';
import { concludeHeld } from './conclude-held.ts';
import { concludeOverload } from './overload.ts';
import { doubtsOfLoad } from './doubts-of-load.ts';
import { isRated as isRatedLoad } from './next-rate.ts';

export type LoadConclusions = Pick<
  LoadResults,
  | 'complete'
  | 'workloads'
  | 'cells'
  | 'latencyComparisons'
  | 'overload'
  | 'held'
  | 'heldComparisons'
  | 'recommendations'
  | 'noise'
  | 'warnings'
>;

/** Turns windows into conclusions. @param cores usable CPUs of the machine */
export function concludeLoad(
  { groups, complete, ...run }: Measured,
  { options, seed }: Pick<Plan, 'options' | 'seed'>,
  cores: number,
): LoadConclusions {
  const rated = groups.flatMap((measured) => {
    const { group } = measured;
    if (!isRated(group)) return [];
    const cells = cellsOf(measured, group.load);
    const warnings = doubtsOfLoad(measured, cells, { ...options, cores });
    const isDoubtful = warnings.some(isWithholding);
    // If the times are in doubt, nothing is concluded from them; an interruption is a look that was not declared.
    const stays = isDoubtful ? DOUBTED : INTERRUPTED;
    const isClaimed = measured.complete && !isDoubtful;
    return [
      { measured, group, cells: isClaimed ? cells : cells.map((cell) => unsure(cell, stays)), warnings, isDoubtful },
    ];
  });
  return {
    complete,
    workloads: rated.map(({ group }) => workloadOf(group)),
    cells: [...rated.flatMap(({ cells }) => cells), ...groups.flatMap(failedOf)],
    latencyComparisons: rated.flatMap(({ group, cells, measured, isDoubtful }) =>
      measured.complete && !isDoubtful ? comparisonsOf(group, cells, Math.log1p(options.minEffect)) : [],
    ),
    ...heldOf(rated, { ...options, seed }),
    ...(rated.some(({ group }) => group.load.overload !== undefined) && {
      overload: rated.flatMap(({ group, measured }) => concludeOverload(group, measured.cells)),
    }),
    noise: rated.map(({ group: { workload, params, load }, measured: { noise } }) => ({
      workload: workload.name,
      params,
      ...noise,
      blocks: [...noise.blocks],
      discarded: [...noise.discarded],
      ...(load.searchNoise && { search: [...load.searchNoise] }),
    })),
    warnings: [...rated.flatMap(({ warnings }) => [...warnings]), ...run.warnings],
  };
}

interface Rated {
  readonly group: RatedGroup;
  readonly measured: MeasuredGroup;
  readonly cells: readonly LoadCell[];
  readonly isDoubtful: boolean;
}

/** Nothing if the rates were given. */
function heldOf(
  rated: readonly Rated[],
  { minEffect, seed }: Pick<Options, 'minEffect'> & Pick<Plan, 'seed'>,
): Partial<Pick<LoadResults, 'held' | 'heldComparisons' | 'recommendations'>> {
  const searched = rated.filter(({ group }) => group.load.searched !== undefined);
  if (searched.length === 0) return {};
  const parts = searched
    // A rate that other programs have lowered is none that is held.
    .filter(({ isDoubtful }) => !isDoubtful)
    .map(({ group, measured, cells }) =>
      concludeHeld(
        group,
        cells.filter((cell) => cell.status === 'ok'),
        { minEffect, seed, isComplete: measured.complete },
      ),
    );
  return {
    held: parts.flatMap(({ held }) => held),
    heldComparisons: parts.flatMap(({ heldComparisons }) => heldComparisons),
    recommendations: parts.flatMap(({ recommendations }) => recommendations),
  };
}

type Holds = AtRate['holds'];

/** That tasks piled up is no matter of evidence. */
const INTERRUPTED: readonly Holds[] = ['overloaded', 'driver-limited'];
/** That the driver was late is no claim: nothing was known before either. */
const DOUBTED: readonly Holds[] = ['driver-limited'];

/** The same windows, with no claims of what is held but these. */
function unsure(cell: LoadCell, stays: readonly Holds[]): LoadCell {
  if (cell.status === 'failed') return cell;
  const rates = cell.rates.map((one) => (stays.includes(one.holds) ? one : { ...one, holds: 'unsure' as const }));
  return { ...cell, rates };
}

/** The failed configurations of a group whose rates are not known. */
function failedOf({ group, cells }: MeasuredGroup): readonly LoadCell[] {
  if (isRated(group)) return [];
  return cells.flatMap((log) =>
    log.error === undefined ? [] : [{ ...fieldsOf(group, log), status: 'failed' as const, error: log.error }],
  );
}

type RatedGroup = Group & { readonly load: RatedLoad };

/** False if it was interrupted before its rates were known. */
function isRated(group: Group): group is RatedGroup {
  return isRatedLoad(group.load);
}

function workloadOf({ workload, title, params, load, versions }: RatedGroup): LoadResults['workloads'][number] {
  const { name, bound, boundIs, source, tasks } = workload;
  const { aloneMs, capacity, objective } = load;
  return {
    name,
    title,
    bound,
    boundIs,
    source,
    ...(versions[1] !== undefined && { newerSource: versions[1].source }),
    params,
    inputs: tasks,
    aloneMs,
    capacity,
    objective,
    rates: [...commonRatesOf(load)],
  };
}

/** Rates at which all configurations were measured. */
function commonRatesOf({ rates, commonRates = rates }: RatedLoad): readonly number[] {
  return commonRates;
}

function cellsOf({ group, cells }: MeasuredGroup, load: RatedLoad): readonly LoadCell[] {
  // Whether a rate is held is asked of every configuration and rate at once; where it is searched for, by `held`.
  const alpha = load.searched === undefined ? LEVEL / (cells.length * load.rates.length) : LEVEL;
  return cells.flatMap((log) => cellOf(group, log, load, alpha) ?? []);
}

/** Undefined for a cell that an interrupted run never reached. */
function cellOf(group: Group, log: CellLog, load: RatedLoad, alpha: number): LoadCell | undefined {
  const { rates, objective, ratings, searched } = load;
  const { windows = [], error, cell } = log;
  const fields = { ...fieldsOf(group, log), ...ratings[cell.id] };
  if (error !== undefined) return { ...fields, status: 'failed', error };
  if (windows.length === 0 && (searched === undefined || ratings[cell.id] === undefined)) return undefined;
  const counted = windows.filter(({ phase }) => phase === undefined);
  const measured = rates
    .map((rate) => counted.filter((window) => window.rate === rate))
    .filter(({ length }) => length > 0);
  const summaries = measured.map((some) => summarizeRate(some, objective, alpha));
  return { ...fields, status: 'ok', rates: summaries };
}

function fieldsOf({ workload, params }: Group, { cell, startupMs, windows = [] }: CellLog) {
  return {
    ...cell,
    family: familyOf(cell),
    workload: workload.name,
    params,
    startupMs: [...startupMs],
    windows: [...windows],
  };
}

function comparisonsOf(
  { workload, params, baseline: id, compares, load }: RatedGroup,
  cells: readonly LoadCell[],
  minEffectLog: number,
): readonly LatencyComparison[] {
  const ok = cells.filter((cell) => cell.status === 'ok');
  // The first cell that succeeded replaces a failed baseline.
  const baseline = ok.find((cell) => cell.id === id) ?? ok[0];
  const pairs = compares === 'with-baseline' ? pairsWith(baseline, ok) : pairsWithSelf(ok);
  const rates = commonRatesOf(load);
  const alpha = LEVEL / (pairs.length * rates.length);
  return pairs.flatMap(({ baseline: before, contender }) =>
    rates.flatMap((rate): LatencyComparison[] => {
      const found = compareLatencies(at(before, rate), at(contender, rate), { alpha, minEffectLog });
      if (found === undefined) return [];
      return [{ workload: workload.name, params, baseline: before.id, contender: contender.id, ...found }];
    }),
  );
}

function at({ windows }: MeasuredLoadCell, rate: number): MeasuredLoadCell['windows'] {
  return windows.filter((window) => window.phase === undefined && window.rate === rate);
}
