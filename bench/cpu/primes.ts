import type { InputContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';
import { countPrimes } from './count-primes.ts';

/** Large enough for all tasks of a batch to take about the same time. */
const FIRST = 1_000_000;

/** Range of each task: consecutive, so no two tasks test the same numbers. */
export const range = ({ index, params }: InputContext): { from: number; count: number } => {
  const count = Number(params.count);
  return { from: FIRST + index * count, count };
};

export default defineWorkload({
  name: 'primes',
  bound: 'cpu',
  description: 'count primes by trial division: pure JavaScript, tiny messages',
  params: { count: 75_000 },
  // Enough for 20 ms in two workers, and an even share for two, four and eight.
  tasks: 8,
  input: range,
  task: ({ from, count }: ReturnType<typeof range>): number => {
    const counting = countPrimes(from, count, count);
    for (;;) {
      const step = counting.next();
      if (step.done === true) return step.value;
    }
  },
});
