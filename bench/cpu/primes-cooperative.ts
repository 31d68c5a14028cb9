import type { TaskContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';
import { countPrimes } from './count-primes.ts';
import { range } from './primes.ts';

export default defineWorkload({
  name: 'primes-cooperative',
  bound: 'cpu',
  description: 'the same primes, yielding to the loop every slice: concurrency without parallelism',
  params: { count: 75_000, slice: 5000 },
  tasks: 8,
  input: range,
  task: async ({ from, count }: ReturnType<typeof range>, { params, yieldToLoop }: TaskContext): Promise<number> => {
    const counting = countPrimes(from, count, Number(params.slice));
    for (;;) {
      const step = counting.next();
      if (step.done === true) return step.value;
      await yieldToLoop();
    }
  },
});
