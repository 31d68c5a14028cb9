import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { callHook } from '../../workers/describe-error.ts';
import type { LaneId, Params, Task, WorkloadDefinition } from '../../workers/contract.ts';
import { compositionOf, copyOf } from './copy-input.ts';
import type { Composition } from '../model/schema/host-reply.ts';

export interface InputSpec {
  readonly tasks: number;
  readonly params: Params;
  readonly seed: number;
  /** Where the workload makes none: one for each task, and again from the first where there are more tasks. */
  readonly inputs?: readonly unknown[];
}

/** The inputs of a batch, as they were made. */
export interface Inputs {
  readonly composition: Composition;
  /** @param moves whether worker threads are given parts of an input instead of copies of them */
  readonly forLanes: (kind: LaneId['kind'], moves: boolean) => MakeTasks;
}

/** Makes the tasks of one batch: fresh ones at each call, the same ones in every cell. */
type MakeTasks = (options: {
  readonly traced: boolean;
  readonly verified: (task: number) => boolean;
}) => Promise<readonly Task[]>;

/** Calls the workload's `input` once per task, in order, with a seeded generator. Without a workload, or without `input`, the given inputs serve. */
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

  /** A task may change its input, and what was moved to a thread is gone; the next batch must do the same work all the same. */
  function freshInputs(kind: LaneId['kind'], moves: boolean): () => readonly unknown[] | Promise<readonly unknown[]> {
    // On its way to a thread or a process each input is copied anyway: a view with all of the memory that it is a view of.
    const isSent = kind !== 'main';
    const given = isSent && composition.partialViews && canBeCopied(originals) ? copyOf(originals) : originals;
    if (isSent && !moves && !composition.shared) return () => given;
    if (composition.isCopyable && canBeCopied(given)) return () => copyOf(given);
    // An instance or a stream cannot be copied and stay what it is: another one is made. Without `input` it came as data.
    return workload?.input === undefined ? () => given : () => makeInputs(workload, spec);
  }
}

/** What is nested tens of thousands deep is left as it is. */
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
  for (let index = 0; index < tasks; index++) {
    made.push(
      workload?.input === undefined
        ? given[index % given.length]
        : await callHook('input', () => workload.input?.({ index, params, random })),
    );
  }
  return made;
}
