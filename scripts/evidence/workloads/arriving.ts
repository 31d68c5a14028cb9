import { setTimeout as delay } from 'node:timers/promises';
import type { InputContext } from '../../../workers/contract.ts';
import { defineWorkload } from '../../../workers/define-workload.ts';

const MEAN_MS = 10;
const TASKS = 40;

/** Tasks that wait: all equally long, or of exponential length, of which each task is one quantile. */
export default defineWorkload({
  name: 'arriving',
  bound: 'io',
  params: { law: 'constant' },
  tasks: TASKS,
  input: ({ index, params }: InputContext) =>
    params.law === 'constant' ? MEAN_MS : -MEAN_MS * Math.log(1 - (index + 0.5) / TASKS),
  task: async (ms: number): Promise<number> => {
    await delay(ms);
    return ms;
  },
});
