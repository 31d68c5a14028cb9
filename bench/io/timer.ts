import { setTimeout as delay } from 'node:timers/promises';
import { defineWorkload, type InputContext } from '../../workers/contract.ts';

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
