import type { ReplyOf } from '../model/schema/host-reply.ts';
import { costsOf } from '../stats/sample.ts';
import type { Meter } from './measure-batch.ts';
import type { BatchStrategy } from '../lanes/strategy.ts';
import type { LaneError, Task } from '../../workers/contract.ts';
import type { WindowAssignment } from './host-protocol.ts';
import { openMetronome, type Metronome } from './metronome.ts';
import { runWindow } from './run-window.ts';
import { TaskFailure } from './task-failure.ts';
import { windowOutcome } from './window-outcome.ts';

/** The parts of an open cell that its windows need. */
export interface Windows {
  readonly strategy: BatchStrategy;
  readonly meter: Meter;
  /** Makes one task for each input, anew at each call. */
  readonly makeTasks: () => Promise<readonly Task[]>;
  /** Number of inputs. */
  readonly tasks: number;
  /** Takes down which input each arrival brings, for a failure to name it; none: the window is over. */
  readonly note: (inputs: readonly number[]) => void;
}

/** That of this host. */
let metronome: Promise<Metronome> | undefined;

/**
 * Lets tasks arrive by their schedule. A task that throws has missed the objective.
 *
 * @throws TaskFailure for a task that is lost, which ends the cell, and for a strategy that only runs batches
 */
export async function serveWindow(
  { strategy, meter, makeTasks, tasks, note }: Windows,
  window: WindowAssignment,
): Promise<ReplyOf<'windowed'>> {
  const { serve } = strategy;
  if (serve === undefined) throw new TaskFailure({ error: ONLY_BATCHES });
  const arrivals = await arrivingTasks(window.inputs, makeTasks);
  const pace = { metronome: await (metronome ??= openMetronome()) };
  note(window.inputs);
  const measured = await meter.measure(() => runWindow(window, (arrival) => arrivals[arrival] as Task, serve, pace));
  note([]);
  const { lost, reading, ...outcome } = windowOutcome(window, tasks, strategy.laneKind, measured.records);
  if (lost !== undefined) throw new TaskFailure(lost);
  return { kind: 'windowed', reading: { ...reading, ...costsOf(measured) }, ...outcome };
}

/** A task of its own for each arrival, although several bring the same input: a task may change or move it. */
export async function arrivingTasks(
  inputs: readonly number[],
  makeTasks: Windows['makeTasks'],
): Promise<readonly Task[]> {
  const sets: (readonly Task[])[] = [];
  const used = new Map<number, number>();
  const arriving: Task[] = [];
  for (const [index, input] of inputs.entries()) {
    const time = used.get(input) ?? 0;
    used.set(input, time + 1);
    const set = (sets[time] ??= await makeTasks());
    const task = set[input];
    if (task === undefined) throw new RangeError(`an arrival brings input ${input}, which does not exist`);
    arriving.push({ ...task, index });
  }
  return arriving;
}

export const ONLY_BATCHES: LaneError = {
  name: 'Error',
  message: 'this strategy runs batches only: tasks that arrive one by one need `serve` in what it opens',
};
