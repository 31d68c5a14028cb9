import type { GroupSnapshot } from '../model/measured.ts';
import type { Group } from '../model/plan.ts';
import type { Window } from '../model/load.ts';
import type { Sample } from '../model/results.ts';
import type { ReplyOf } from '../model/schema/host-reply.ts';

/** Events of a measurement. Yielded between batches only; the next batch waits for the listener. */
export type MeasuringEvent =
  /** Calibrated, before measuring: about how long a block of each group will take. */
  | { readonly kind: 'tried'; readonly estimates: readonly GroupEstimate[] }
  /** The race of a group has been run: the blocks of its confirmation are known. */
  | { readonly kind: 'raced'; readonly estimate: GroupEstimate }
  /** These disturbed blocks will be measured again. 0-based, in this order. */
  | { readonly kind: 'repeating'; readonly estimate: GroupEstimate; readonly blocks: readonly number[] }
  | SampleEvent
  | WindowEvent
  | ProfileEvent
  /** A block was measured or interrupted. 0-based; a disturbed block comes a second time. */
  | { readonly kind: 'block'; readonly group: Group; readonly block: number }
  /** The progress of every group, at points from which a run can be resumed. */
  | { readonly kind: 'saved'; readonly groups: readonly GroupSnapshot[] }
  /** No more blocks of this group will be measured, complete or not. */
  | { readonly kind: 'group'; readonly group: Group };

export interface SampleEvent {
  readonly kind: 'sample';
  readonly cell: string;
  readonly sample: Sample;
}

export interface WindowEvent {
  readonly kind: 'window';
  readonly cell: string;
  readonly window: Window;
}

/** CPU profiles of a configuration, one for each worker. */
export interface ProfileEvent {
  readonly kind: 'profile';
  readonly cell: string;
  readonly files: ReplyOf<'profiled'>['files'];
}

export interface GroupEstimate {
  /** With the calibrated number of tasks. */
  readonly group: Group;
  /** Estimated duration of each of its blocks, ms. */
  readonly blocksMs: readonly number[];
  /** Number of blocks that an earlier process measured. */
  readonly done: number;
}

/** A process that yields events while it runs, and returns its result. */
export type Telling<Event, Result> = AsyncGenerator<Event, Result, undefined>;

/** Runs it to its end. If a listener throws, it is ended cleanly. */
export async function follow<Event, Result>(
  events: Telling<Event, Result>,
  listen: (event: Event) => void = () => undefined,
): Promise<Result> {
  const came: Result[] = [];
  async function* kept(): AsyncGenerator<Event, void, undefined> {
    came.push(yield* events);
  }
  for await (const event of kept()) listen(event);
  const [result] = came;
  return result as Result;
}
