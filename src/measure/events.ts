import type { GroupSnapshot } from '../model/measured.ts';
import type { Group } from '../model/plan.ts';
import type { Sample } from '../model/results.ts';

/** What happens while work is measured. Yielded between batches only, and the next one waits until it has been dealt with. */
export type MeasuringEvent =
  /** Everything has been tried out, and nothing measured yet: what a block of each group will take, about. */
  | { readonly kind: 'tried'; readonly estimates: readonly GroupEstimate[] }
  | SampleEvent
  /** A block was measured, or cut off. 0-based; one that was disturbed comes a second time. */
  | { readonly kind: 'block'; readonly group: Group; readonly block: number }
  /** How far every group has come, whenever that can be gone on from. */
  | { readonly kind: 'saved'; readonly groups: readonly GroupSnapshot[] }
  /** No more blocks of this group will be measured, whether all of them were or not. */
  | { readonly kind: 'group'; readonly group: Group };

export interface SampleEvent {
  readonly kind: 'sample';
  readonly cell: string;
  readonly sample: Sample;
}

export interface GroupEstimate {
  /** With the number of tasks that was found. */
  readonly group: Group;
  readonly blockMs: number;
  /** Blocks that an earlier process has measured. */
  readonly done: number;
}

/** Something that tells what happens while it is under way, and at the end what came of it. */
export type Telling<Event, Result> = AsyncGenerator<Event, Result, undefined>;

/** Goes through with it to its end. If a listener throws, it is ended as cleanly as if it had come there. */
export async function follow<Event, Result>(
  telling: Telling<Event, Result>,
  listen: (event: Event) => void = () => undefined,
): Promise<Result> {
  const came: Result[] = [];
  async function* kept(): AsyncGenerator<Event, void, undefined> {
    came.push(yield* telling);
  }
  for await (const event of kept()) listen(event);
  const [result] = came;
  return result as Result;
}
