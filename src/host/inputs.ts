import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { callHook } from '../../workers/describe-error.ts';
import type { LaneId, Params, Task, WorkloadDefinition } from '../../workers/contract.ts';
import { compositionOf } from './composition.ts';
import { areSmall, copyOf, ownCopiesOf } from './copy-input.ts';
import type { Composition } from '../model/schema/host-reply.ts';

export interface InputSpec {
  readonly tasks: number;
  readonly params: Params;
  readonly seed: number;
  /** For a workload that makes none: one per task, repeated from the first if there are more tasks. */
  readonly inputs?: readonly unknown[];
}

/** The inputs of a batch. */
export interface Inputs {
  readonly composition: Composition;
  /** @param moves whether parts of an input move to worker threads instead of being copied */
  readonly forLanes: (kind: LaneId['kind'], moves: boolean) => MakeTasks;
}

/** Makes the tasks of one batch: fresh at each call, equal in every cell. */
type MakeTasks = (options: {
  readonly traced: boolean;
  readonly verified: (task: number) => boolean;
}) => Promise<readonly Task[]>;

/** Calls the workload's `input` once per task, in order, with a seeded generator; without one, takes the given inputs. */
export async function prepareInputs(workload: WorkloadDefinition | undefined, spec: InputSpec): Promise<Inputs> {
  const originals = await makeInputs(workload, spec);
  const composition = compositionOf(originals);
  return {
    composition,
    forLanes: (kind, moves) => {
      const fresh = freshInputs(kind, moves);
      return async ({ traced, verified }) =>
        (await fresh()).map((input, index) => ({ index, input, traced, verified: verified(index) }));
    },
  };

  /** Inputs for another batch of the same work, although tasks may change their inputs and moved parts are gone. */
  function freshInputs(kind: LaneId['kind'], moves: boolean): () => readonly unknown[] | Promise<readonly unknown[]> {
    // Sending copies each input anyway, but a view with the whole of its memory.
    const isSent = kind !== 'main';
    const given = isSent && composition.partialViews && canBeCopied(originals) ? copyOf(originals) : originals;
    if (isSent && !moves && !composition.shared) return () => given;
    const copies = composition.shared || !areSmall(given) ? copyOf : ownCopiesOf;
    if (composition.isCopyable && canBeCopied(given)) return () => copies(given);
    // Instances and streams cannot be copied, so `input` makes new ones. Without `input`, all inputs are data.
    return workload?.input === undefined ? () => given : () => makeInputs(workload, spec);
  }
}

/** False for inputs nested so deeply that copying would overflow the stack. */
function canBeCopied(inputs: readonly unknown[]): boolean {
  try {
    copyOf(inputs);
    return true;
  } catch {
    return false;
  }
}

async function makeInputs(
  workload: WorkloadDefinition | undefined,
  { tasks, params, seed, inputs: given = [undefined] }: InputSpec,
): Promise<readonly unknown[]> {
  const generator = xoroshiro128plus(seed);
  const random = (): number => uniformFloat64(generator);
  const made: unknown[] = [];
  for (let index = 0; index < tasks; index++)
    made.push(
      workload?.input === undefined
        ? given[index % given.length]
        : await callHook('input', () => workload.input?.({ index, params, random })),
    );
  return made;
}
