import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { callHook } from './describe-error.ts';
import type { Params, Task, WorkloadDefinition } from './contract.ts';

export interface InputSpec {
  readonly tasks: number;
  readonly params: Params;
  readonly seed: number;
  /** Where the workload makes none: one for each task, and again from the first where there are more tasks. */
  readonly inputs?: readonly unknown[];
}

/** Makes the tasks of one batch: fresh ones at each call, the same ones in every cell. */
export type MakeTasks = (options: { readonly traced: boolean }) => readonly Task[];

/**
 * Calls the workload's `input` once per task, in order, with a seeded generator. Every batch then gets copies:
 * a task may change its input, and a transferred buffer is gone, but the next batch must do the same work.
 */
export async function prepareInputs(workload: WorkloadDefinition, spec: InputSpec): Promise<MakeTasks> {
  const generator = xoroshiro128plus(spec.seed);
  const random = (): number => uniformFloat64(generator);
  const { inputs: given = [undefined] } = spec;
  const originals: unknown[] = [];
  for (let index = 0; index < spec.tasks; index++) {
    const input: unknown = await callHook('input', () =>
      workload.input === undefined
        ? given[index % given.length]
        : workload.input({ index, params: spec.params, random }),
    );
    originals.push(input);
  }
  const copy = isCloneable(originals) ? structuredClone<unknown> : (input: unknown): unknown => input;
  return ({ traced }) => originals.map((input, index) => ({ index, input: copy(input), traced }));
}

/** Inputs that cannot be cloned can still run on the main loop; a thread or child says so itself. */
function isCloneable(inputs: readonly unknown[]): boolean {
  try {
    structuredClone(inputs);
    return true;
  } catch {
    return false;
  }
}
