import { setTimeout as delay } from 'node:timers/promises';
import { defineWorkload, type InputContext, type TaskContext } from '../../../workers/contract.ts';

/**
 * Waits for longer the more lanes there are, as the Universal Scalability Law says it: with N lanes each task takes
 * `ms` · (1 + contention · (N - 1)). What a fit must find is therefore known.
 */
export default defineWorkload({
  name: 'contended',
  bound: 'io',
  description: 'wait as long as a known contention makes it',
  params: { ms: 60, contention: 0.1 },
  tasks: 64,
  input: ({ index }: InputContext) => index,
  task: async (index: number, { params, cell }: TaskContext): Promise<number> => {
    const lanes = Number(/@(\d+)/.exec(cell)?.[1] ?? 1);
    await delay(Number(params.ms) * (1 + Number(params.contention) * (lanes - 1)));
    return index;
  },
});
