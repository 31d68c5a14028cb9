/** Facts that help to understand a failure, besides what was thrown. */
import { laneName, type LaneError, type LaneId, type UnderWay } from '../../workers/contract.ts';
import type { Composition, HostFailure } from '../model/schema/host-reply.ts';

/** More tasks are counted, not named. */
const MOST_NAMED = 4;

/** A failure that no task reported itself: with the task and its lane if just one was running, in words otherwise. */
export function failureAmong(error: LaneError, underWay: readonly UnderWay[]): HostFailure {
  const [only] = underWay;
  if (only === undefined) return { error };
  if (underWay.length === 1) return { error, ...only };
  const lanes = new Set(underWay.map(({ lane }) => lane && laneName(lane)));
  const lane = lanes.size === 1 ? only.lane : undefined;
  const message = `${error.message} (${named(underWay.map(({ task }) => task))} were running)`;
  return { error: { ...error, message }, ...(lane !== undefined && { lane }) };
}

function named(tasks: readonly number[]): string {
  if (tasks.length > MOST_NAMED) return `${tasks.length} tasks`;
  const numbers = tasks.map((task) => task + 1);
  return `tasks ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

/**
 * The error of a plain function that lacks an argument: a callback, since a task gets its input alone and answers with a
 * promise; the input, since worker files are often tried without the one that their callers give; or a list, since each
 * task gets one value of it.
 *
 * @param inputs number of inputs that were given; undefined: none
 */
export function withHintOfArgument(error: LaneError, inputs: number | undefined): LaneError {
  if (error.name !== 'TypeError') return error;
  if (CALLBACK.test(error.message))
    return withHint(
      error,
      'a task gets its input alone: export a function that returns a promise, as util.promisify makes it',
    );
  if (inputs === undefined)
    return /\bundefined\b/.test(error.message)
      ? withHint(error, 'the task got no input: give one with --input')
      : error;
  return inputs > 1 && LIST.test(error.message)
    ? withHint(error, 'each task got one value of the list of inputs; to give each the whole list, write it as [[ … ]]')
    : error;
}

/** A list was expected: `orders.map is not a function`, `orders is not iterable`. */
const LIST =
  /\.(?:at|entries|every|filter|find|flatMap|forEach|join|map|reduce|slice|some|sort|toSorted) is not a function|\bis not iterable\b/;

const CALLBACK = /^(?:cb|callback|done) is not a function|^The "(?:cb|callback)" argument must be of type function/;

function withHint(error: LaneError, hint: string): LaneError {
  return { ...error, message: `${error.message.replace(/\.$/, '')} (${hint})` };
}

/** Describes what inputs lose when they are sent to a lane of this kind; undefined: nothing. */
export function lossOnTheWay(
  kind: LaneId['kind'],
  { buffers, instances }: Pick<Composition, 'buffers' | 'instances'>,
): string | undefined {
  const there = kind === 'thread' ? 'in a worker thread' : 'in a child process';
  const losses = [
    ...(kind === 'thread' && buffers ? [{ what: 'a Buffer', as: 'as a Uint8Array' }] : []),
    ...(kind !== 'main' && instances
      ? [{ what: 'an instance of a class', as: 'as a plain object, without its methods' }]
      : []),
  ];
  const [first, ...others] = losses;
  if (first === undefined) return undefined;
  const sentence = `${first.what} in the input arrives ${there} ${first.as}`;
  return [sentence, ...others.map(({ what, as }) => `${what} ${as}`)].join(', and ');
}
