import { keepLatest, ratedOf, remembered, startsIn, turnsIn, without } from '../model/measured.ts';
import type { CellLog, GroupSnapshot, MeasuredGroup, StoppingRules } from '../model/measured.ts';
import type { Group } from '../model/plan.ts';
import { looksOf, screeningOf } from '../model/evidence.ts';
import type { BlockNoise, Timeline, Warning } from '../model/results.ts';
import type { UpperBoundLog } from './upper-bound.ts';
import { isRunning, type GroupContext } from './cell-hosts.ts';
import { failAll } from './equal-work.ts';
import { estimateOf } from './calibrate.ts';
import type { MeasuringEvent, Telling } from './events.ts';
import { measureBlock } from './measure-block.ts';

/** A calibrated group, with its number of tasks. */
export interface CalibratedGroup extends GroupContext {
  /** Time to start, open and warm up all cells, as calibrated. */
  readonly preparingMs: number;
}

export interface GroupTask extends CalibratedGroup {
  readonly rules: StoppingRules;
  /** The progress of all groups, with this progress of the current one. */
  readonly snapshots: (own: GroupSnapshot) => readonly GroupSnapshot[];
}

/** Share of the blocks that may be measured again. */
const REPEATED_SHARE = 1 / 4;

/**
 * Measures a group block by block, up to each declared look; at a look, disturbed blocks are measured again, and if all
 * is decided the rest is skipped. Without declared looks, the only look is at the end.
 */
export async function* measureGroup(task: GroupTask): Telling<MeasuringEvent, MeasuredGroup> {
  const { logs, equalWork, rules, begun } = task;
  const state = stateOf(task);
  let isDecided = begun?.isDone === true;
  const found = ({ group }: GroupTask): MeasuredGroup => ({
    group,
    cells: [...logs.values()],
    complete: isComplete(group, [...logs.values()], state.reached, isDecided),
    digests: equalWork.digests,
    upperBounds: state.upperBounds,
    timelines: state.timelines,
    noise: {
      // If a run is interrupted before a look, disturbed blocks since the last look count too.
      hit: new Set([...state.hit, ...rules.hitBlocks([...state.noise.values()])]).size,
      repeated: state.discarded.length,
      blocks: [...state.noise.values()].toSorted((a, b) => a.block - b.block),
      discarded: state.discarded,
    },
    warnings: distinct([...state.warnings, ...task.warnings, ...leftBehindWarnings(task)]),
  });
  let confirming = state.reached >= screeningOf(task.group) ? confirmationOf(task) : task;
  forgetRace(task, state.reached);
  if (begun?.isDone !== true) {
    try {
      if (confirming === task) confirming = yield* race(task, state);
      if (state.reached >= screeningOf(task.group)) isDecided = yield* measureToLooks(confirming, state, found);
    } catch (thrown) {
      failAll(task, thrown);
    } finally {
      await state.ending;
    }
    if (!task.signal.aborted) yield { kind: 'saved', groups: task.snapshots(snapshotOf(task, state, true)) };
  }
  yield { kind: 'group', group: confirming.group };
  return found(confirming);
}

/** The task with the blocks of its confirmation, known once the race has been run. */
function confirmationOf(task: GroupTask): GroupTask {
  if (task.group.isRace !== true) return task;
  const left = [...task.logs.values()].filter(({ droppedFor }) => droppedFor === undefined);
  return {
    ...task,
    group: task.rules.confirmed(
      task.group,
      left.map(({ cell }) => cell),
      Math.min(...left.map(({ batchMs = Infinity }) => batchMs)),
    ),
  };
}

/** Runs the race, if the group is one: what is far behind is dropped, and the others go on to new blocks. */
async function* race(task: GroupTask, state: GroupState): Telling<MeasuringEvent, GroupTask> {
  const { group, logs, rules } = task;
  const last = screeningOf(group);
  // One block is measured always, for startup times.
  const isOpen = (): boolean =>
    state.reached < last && (state.reached === 0 || rules.couldDrop?.(group, [...logs.values()]) !== false);
  while (isOpen() && (yield* measureOne(task, state, state.reached))) {
    for (const log of logs.values()) log.startsMs.push(...startsIn(log, state.reached));
    state.reached += 1;
    for (const [id, droppedFor] of rules.dropped(group, [...logs.values()])) {
      const log = logs.get(id);
      if (log !== undefined) log.droppedFor = droppedFor;
    }
    yield { kind: 'saved', groups: task.snapshots(snapshotOf(task, state)) };
  }
  if (!isOpen()) state.reached = Math.max(state.reached, last);
  if (state.reached < last || last === 0) return task;
  const confirming = confirmationOf(task);
  yield { kind: 'raced', estimate: estimateOf(confirming, state.reached) };
  return confirming;
}

/** @returns whether all was decided at a look */
async function* measureToLooks(
  task: GroupTask,
  state: GroupState,
  found: (task: GroupTask) => MeasuredGroup,
): Telling<MeasuringEvent, boolean> {
  const looks = looksOf(task.group, task.options);
  // On resume, do not repeat a look with more blocks: only declared looks may be tested.
  const ahead = looks.filter((blocks) => blocks >= state.reached);
  let looked = looks.findLast((blocks) => blocks < state.reached) ?? 0;
  for (const look of ahead) {
    while (state.reached < look && (yield* measureOne(task, state, state.reached))) {
      state.reached += 1;
      forgetRace(task, state.reached);
      yield { kind: 'saved', groups: task.snapshots(snapshotOf(task, state)) };
    }
    if (task.signal.aborted) return false;
    yield* repeatHit(task, state, { from: looked, to: look });
    if (task.signal.aborted) return false;
    looked = look;
    const decided = new Set(task.rules.decided(found(task)));
    const running = [...task.logs.values()].filter(isRunning);
    if (running.every(({ cell }) => decided.has(cell.id))) return true;
    for (const log of running) if (decided.has(log.cell.id)) log.isDecided = true;
  }
  return false;
}

function leftBehindWarnings({ group, leftBehind }: GroupTask): readonly Warning[] {
  const processes = leftBehind.count;
  return processes === 0 ? [] : [{ kind: 'left-behind', workload: group.workload.name, processes }];
}

/** Complete even if interrupted after the last batch, or if every cell has failed. */
function isComplete(group: Group, logs: readonly CellLog[], reached: number, isDecided: boolean): boolean {
  const first = group.selectBy === undefined ? screeningOf(group) : 0;
  const planned = group.blocks.slice(first, reached).flat(2);
  const turnsOf = ({ cell: { id } }: CellLog): number => planned.filter((turn) => turn.id === id).length;
  const isEnough = isDecided || reached === group.blocks.length;
  const left = logs.filter(isRunning);
  return left.length === 0 || (isEnough && left.every((log) => turnsIn(log).length === turnsOf(log)));
}

interface GroupState {
  /** By block; for a repeated block, the second reading. */
  readonly noise: Map<number, BlockNoise>;
  readonly discarded: BlockNoise[];
  /** Blocks that were disturbed the first time. */
  readonly hit: Set<number>;
  readonly upperBounds: UpperBoundLog[];
  readonly timelines: Timeline[];
  readonly warnings: Warning[];
  /** Number of completed blocks, counted from the first. */
  reached: number;
  /** Resolves when the hosts of the last block are gone. */
  ending: Promise<void>;
}

/** The state at the start, or from which to resume. */
function stateOf({ group: { upperBoundLanes }, begun }: GroupContext): GroupState {
  // A failed upper bound has no log any more, and is not restarted midway.
  const upperBounds = begun?.upperBounds ?? upperBoundLanes.map((lanes) => ({ lanes, samples: [] }));
  return {
    noise: new Map(begun?.noise.map((noise) => [noise.block, noise])),
    discarded: [...(begun?.discarded ?? [])],
    hit: new Set(begun?.hit),
    upperBounds: upperBounds.map(({ lanes, samples }) => ({ lanes, samples: [...samples] })),
    timelines: [...(begun?.timelines ?? [])],
    warnings: [...(begun?.warnings ?? [])],
    reached: begun?.blocks ?? 0,
    ending: Promise.resolve(),
  };
}

/** The progress of a group before this process measures it. */
export function firstSnapshot(group: CalibratedGroup): GroupSnapshot {
  return snapshotOf(group, stateOf(group), group.begun?.isDone);
}

function snapshotOf(
  { group, preparingMs, logs, equalWork, leftBehind, warnings }: CalibratedGroup,
  state: GroupState,
  isDone = false,
): GroupSnapshot {
  return {
    tasks: group.workload.tasks,
    ...(group.load !== undefined && 'capacity' in group.load && { rated: ratedOf(group.load) }),
    preparingMs,
    blocks: state.reached,
    cells: [...logs.values()].map(({ cell: _cell, samples: _samples, windows: _windows, error, ...log }) => ({
      ...log,
      ...(error !== undefined && { error }),
    })),
    reference: equalWork.reference,
    hit: [...state.hit],
    noise: [...state.noise.values()],
    discarded: state.discarded,
    upperBounds: state.upperBounds,
    timelines: state.timelines,
    warnings: distinct([...state.warnings, ...warnings]),
    leftBehind: leftBehind.count,
    isDone,
  };
}

/** @returns whether the block was measured to its end; not if every cell has failed */
async function* measureOne(task: GroupTask, state: GroupState, index: number): Telling<MeasuringEvent, boolean> {
  const { group, logs, signal } = task;
  const block = group.blocks[index];
  const hasCells = [...logs.values()].some(isRunning);
  if (signal.aborted || block === undefined || !hasCells) return false;
  const { timelines, warnings, noise, ending } = yield* measureBlock({
    ...task,
    block,
    index,
    isScreening: index < screeningOf(group) || group.selectBy !== undefined,
    upperBounds: index < (group.upperBoundBlocks ?? Infinity) ? state.upperBounds : [],
    hasTimelines: state.timelines.length > 0,
    ending: state.ending,
  });
  state.ending = ending;
  // Those of the confirmation replace those of the race.
  const traced = new Set(timelines.map(({ cell }) => cell));
  const kept = state.timelines.filter(({ cell }) => !traced.has(cell));
  state.timelines.splice(0, state.timelines.length, ...kept, ...timelines);
  state.warnings.push(...warnings);
  if (noise !== undefined && index >= screeningOf(group)) state.noise.set(index, noise);
  // Cells keep their samples of an interrupted block; those of the upper bound mean nothing without cells.
  else for (const { samples } of state.upperBounds) without(samples, index);
  // One that was cut is neither progress nor kept.
  if (noise !== undefined) yield { kind: 'block', group, block: index };
  task.checkModules?.();
  return noise !== undefined;
}

/**
 * Repeats disturbed blocks since the last look, the worst first, as often as allowed; one that is disturbed again is kept
 * and counted. In earlier blocks, a cell that has left would lose what it was paired with.
 */
async function* repeatHit(
  task: GroupTask,
  state: GroupState,
  { from, to }: Readonly<Record<'from' | 'to', number>>,
): Telling<MeasuringEvent, void> {
  const { rules, signal, logs } = task;
  const worstFirst = rules.hitBlocks([...state.noise.values()]);
  for (const block of worstFirst) state.hit.add(block);
  const again = worstFirst
    .filter((block) => block >= from && !state.discarded.some((noise) => noise.block === block))
    .slice(0, Math.floor((to - screeningOf(task.group)) * REPEATED_SHARE) - state.discarded.length);
  if (again.length > 0) yield { kind: 'repeating', estimate: estimateOf(task, to), blocks: again };
  for (const index of again) {
    const noise = state.noise.get(index);
    if (signal.aborted || noise === undefined) return;
    // Failed and dropped cells are not measured again, so their samples stay.
    const cells = [...logs.values()].filter(isRunning).map((log) => ({
      log,
      startups: log.startupMs.length,
      first: log.samples.filter(({ block }) => block === index),
      restore: remembered(turnsIn(log), log.startupMs),
    }));
    const restoreUpperBounds = remembered(...state.upperBounds.map(({ samples }) => samples));
    for (const { log } of cells) without(turnsIn(log), index);
    for (const { samples } of state.upperBounds) without(samples, index);
    state.noise.delete(index);
    let isWhole = false;
    try {
      isWhole = yield* measureOne(task, state, index);
    } finally {
      for (const { log, startups, first, restore } of cells)
        if (isWhole && log.error === undefined) {
          keepLatest(log.startupMs, index, startups);
          if (first.length > 0) (log.discardedSamples ??= []).push(...first);
          // Interrupted or failed: the old block is worth more than half of a new one.
        } else restore();
      if (isWhole) state.discarded.push(noise);
      else {
        restoreUpperBounds();
        state.noise.set(index, noise);
      }
    }
    if (isWhole) yield { kind: 'saved', groups: task.snapshots(snapshotOf(task, state)) };
  }
}

function distinct(warnings: readonly Warning[]): readonly Warning[] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}

/** Verdicts come from new blocks alone; until one is complete, the race has the only samples. A journal keeps those. */
function forgetRace({ group, logs }: GroupContext, reached: number): void {
  if (group.isRace !== true || group.selectBy !== undefined || reached <= screeningOf(group)) return;
  const left = [...logs.values()].filter(({ droppedFor }) => droppedFor === undefined);
  for (const { samples } of left) for (let block = 0; block < screeningOf(group); block++) without(samples, block);
}
