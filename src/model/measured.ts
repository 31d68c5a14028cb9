/** Measurements, before anything is concluded from them. */
import type { Static } from 'typebox';
import type { Window } from './load.ts';
import type { Group, PlannedCell, RatedLoad, Rating } from './plan.ts';
import type { Doubt } from './schema/host-reply.ts';
import type { groupSnapshot, measuredPulse, searchLog } from './schema/snapshot.ts';
import type {
  BlockNoise,
  UpperBoundSample,
  CellError,
  CellProfile,
  Noise,
  Results,
  Sample,
  Timeline,
  Warning,
} from './results.ts';

/** Readings of a host from one batch; the orchestrator adds the turn. */
export type Reading = Omit<Sample, 'block' | 'round' | 'position'>;

/** Measurements of one cell so far; samples in time order. */
export interface CellLog {
  readonly cell: PlannedCell;
  /** One value per block. */
  readonly startupMs: number[];
  /** Readings between batches and during the traced one; empty where memory is not measured. */
  readonly memoryBytes: number[];
  /** Memory of the host's own copy of the module and the inputs, per start; empty without one, or if not measured. */
  readonly hostCopyBytes: number[];
  /** Signs from its hosts that the timed code may not be the work; each host reports each sign once. */
  readonly doubts: Doubt[];
  readonly samples: Sample[];
  /** Where tasks arrive by a schedule, in time order; absent: batches. */
  windows?: Window[];
  /** One for each of the first blocks, if they were asked for. */
  pulses?: MeasuredPulse[];
  /** First measurements of blocks that were disturbed and measured again; absent: none. */
  discardedSamples?: Sample[];
  /** Where the time of its extra batches went, if that was asked for. */
  profile?: CellProfile;
  /** Batch time as calibrated, ms, for estimates of what is left; undefined: not calibrated. */
  batchMs?: number;
  /** In a race, the batch time of each start before the confirmation, ms; calibration’s last pass is the first. */
  readonly startsMs: number[];
  error: CellError | undefined;
  /** A race does not measure it further, and why. */
  droppedFor?: DroppedFor;
  /** All of its comparisons had a verdict at a look, so that it is not measured further. */
  isDecided?: boolean;
}

/** `far-behind`: the leader, in each start. `same-program`: as the baseline, so a difference would be noise. */
export type DroppedFor = 'far-behind' | 'same-program';

/** A pulse with the times of its tasks. */
export type MeasuredPulse = Static<typeof measuredPulse>;

/** The turns that a cell has had, with the fields that batches and windows share. */
export function turnsIn({ windows, samples }: Pick<CellLog, 'windows' | 'samples'>): (Sample | Window)[] {
  return windows ?? samples;
}

/** Batch time of the start in a block of a race, ms; none if it was not measured. */
export function startsIn({ samples }: CellLog, index: number): readonly number[] {
  return samples.filter(({ block }) => block === index).map(({ wallMs }) => wallMs);
}

/** @returns a function that restores the current content of the lists */
export function remembered(...lists: readonly unknown[][]): () => void {
  const kept = lists.map((list) => [...list]);
  return () => {
    for (const [index, list] of lists.entries()) list.splice(0, list.length, ...(kept[index] ?? []));
  };
}

/** Removes what was measured in a block. */
export function without(samples: { readonly block: number }[], block: number): void {
  const others = samples.filter((sample) => sample.block !== block);
  samples.splice(0, samples.length, ...others);
}

/** Keeps one startup time per block: one added after `before` entries replaces that of the block. */
export function keepLatest(startups: number[], block: number, before: number): void {
  const [latest] = startups.splice(before);
  if (latest !== undefined) startups[Math.min(block, before - 1)] = latest;
}

/** Measurements of one group. */
export interface MeasuredGroup {
  readonly group: Group;
  readonly cells: readonly CellLog[];
  /** Digests of a batch, equal in every cell; undefined if no batch was finished. */
  readonly digests: readonly string[] | undefined;
  /** All planned blocks were measured, up to the last look that was needed. */
  readonly complete: boolean;
  /** By number of independent processes; empty if the upper bound was not requested, or could not be measured. */
  readonly upperBounds: readonly { readonly lanes: number; readonly samples: readonly UpperBoundSample[] }[];
  readonly noise: Omit<Noise, 'workload' | 'params'>;
  readonly timelines: readonly Timeline[];
  readonly warnings: readonly Warning[];
}

/** Progress of a group: with the samples, all that another process needs to resume. Plain data. */
export type GroupSnapshot = Kept<Static<typeof groupSnapshot>>;

/** The same with read-only lists. */
type Kept<Fields> = {
  readonly [Name in keyof Fields]: Fields[Name] extends (infer Item)[] ? readonly Item[] : Fields[Name];
};

/** A group that another process began to measure: samples by cell, of the blocks that the snapshot counts. */
export interface BegunGroup extends GroupSnapshot {
  readonly samples: ReadonlyMap<string, readonly Sample[]>;
  /** Where tasks arrive by a schedule; absent: batches. */
  readonly windows?: ReadonlyMap<string, readonly Window[]>;
}

/** Facts of a load that were measured before its first window. */
export type Rated = NonNullable<GroupSnapshot['rated']>;

export function ratedOf(load: RatedLoad): Rated {
  const { aloneMs, capacity, ratings, objective, rates, commonRates, searched, searchNoise } = load;
  const { requests, settling, leastWindowMs } = load;
  return {
    aloneMs,
    capacity,
    ratings,
    objective,
    requests,
    settling,
    ...(leastWindowMs !== undefined && { leastWindowMs }),
    rates: [...rates],
    ...(commonRates && { commonRates: [...commonRates] }),
    ...(searched && { searched }),
    ...(searchNoise && { searchNoise: [...searchNoise] }),
  };
}

/** Tasks a second, as rated or, where only the baseline is, in batches. @param tasks of a batch */
export function paceOf(
  { ratings, capacity }: Pick<RatedLoad, 'ratings' | 'capacity'>,
  { cell, batchMs }: Pick<CellLog, 'cell' | 'batchMs'>,
  tasks: number,
): Pick<Rating, 'capacity'> {
  return ratings[cell.id] ?? { capacity: batchMs === undefined ? capacity : (tasks / batchMs) * 1000 };
}

/** The search for rates, by configuration. */
export type SearchLog = Static<typeof searchLog>;

/** A run that another process began. */
export interface BegunRun extends Pick<Results, 'startedAt' | 'durationMs'> {
  readonly resumedAt: readonly string[];
  readonly groups: readonly BegunGroup[];
  /** The search that preceded the blocks; absent: there was none. */
  readonly search?: readonly SearchLog[];
}

export interface Measured {
  readonly complete: boolean;
  /** CPU time of the orchestrator during the batches / their wall time; undefined without any. */
  readonly ownCpuShare: number | undefined;
  readonly groups: readonly MeasuredGroup[];
  /** About no group. */
  readonly warnings: readonly Warning[];
}

/** Decisions made while measuring continues, from the measurements so far. */
export interface StoppingRules {
  /** Ids of the cells of which every comparison has a verdict. Asked only at the looks that the plan has declared, and after each block of a selection. */
  readonly decided: (measured: MeasuredGroup) => readonly string[];
  /** The cells to drop from a race after the starts so far, by id. */
  readonly dropped: (group: Group, logs: readonly CellLog[]) => ReadonlyMap<string, DroppedFor>;
  /** Whether further starts of a race could drop any cell; absent: they could. */
  readonly couldDrop?: (group: Group, logs: readonly CellLog[]) => boolean;
  /**
   * The group with the blocks of its confirmation.
   *
   * @param left the cells that were not dropped
   * @param batchMs batch time of the fastest of them, as calibrated
   */
  readonly confirmed: (group: Group, left: readonly PlannedCell[], batchMs: number) => Group;
  /** Rate of the next window of a search; undefined: none is needed. Only for a group whose rates are not known. */
  readonly nextRate?: (group: Group, log: CellLog) => number | undefined;
  /** Blocks that were disturbed beyond the limits set in advance, the worst first. */
  readonly hitBlocks: (blocks: readonly BlockNoise[]) => readonly number[];
}
