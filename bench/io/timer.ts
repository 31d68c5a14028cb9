import { setTimeout as delay } from 'node:timers/promises';
import type { InputContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';

export default defineWorkload({
  name: 'timer',
  bound: 'io',
  description: 'await a delay: waiting and nothing else',
  params: { ms: 40 },
  tasks: 12,
  input: ({ params }: InputContext) => Number(params.ms),
  task: async (ms: number): Promise<number> => {
    await delay(ms);
    return ms;
  },
});
