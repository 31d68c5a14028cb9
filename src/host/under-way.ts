import type { LaneError, UnderWay } from '../../workers/contract.ts';
import type { HostFailure } from '../model/schema/host-reply.ts';
import { laneName } from '../../workers/lane-name.ts';

/** More of them are counted, not named. */
const MOST_NAMED = 4;

/** A failure that no task reported itself: with the task and its lane if just one was under way, in words otherwise. */
export function failureAmong(error: LaneError, underWay: readonly UnderWay[]): HostFailure {
  const [only] = underWay;
  if (only === undefined) return { error };
  if (underWay.length === 1) return { error, ...only };
  const lanes = new Set(underWay.map(({ lane }) => lane && laneName(lane)));
  const lane = lanes.size === 1 ? only.lane : undefined;
  const message = `${error.message}, while ${named(underWay.map(({ task }) => task))} were under way`;
  return { error: { ...error, message }, ...(lane !== undefined && { lane }) };
}

function named(tasks: readonly number[]): string {
  if (tasks.length > MOST_NAMED) return `${tasks.length} tasks`;
  const numbers = tasks.map((task) => task + 1);
  return `tasks ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}
