import { setTimeout as delay } from 'node:timers/promises';
import type { InputContext, TaskContext } from '../../../workers/contract.ts';
import { defineWorkload } from '../../../workers/define-workload.ts';

/**
 * Waits longer in larger pools, by the Universal Scalability Law: with N workers each task takes
 * `ms` · (1 + contention · (N - 1)). The contention that a fit must find is therefore known.
 */
export default defineWorkload({
  name: 'contended',
  bound: 'io',
  description: 'wait for a time that grows with the pool, by a known contention',
  params: { ms: 60, contention: 0.1 },
  tasks: 64,
  input: ({ index }: InputContext) => index,
  task: async (index: number, { params, cell }: TaskContext): Promise<number> => {
    const lanes = Number(/@(\d+)/.exec(cell)?.[1] ?? 1);
    await delay(Number(params.ms) * (1 + Number(params.contention) * (lanes - 1)));
    return index;
  },
});
