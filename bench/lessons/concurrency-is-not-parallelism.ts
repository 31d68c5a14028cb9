import type {
  TaskContext,
  WorkloadDefinition,
} from '../../workers/contract.ts';

const NUMBERS = 80_000;

/** A workload: each strategy runs whole batches, as in `lanewise run`. */
export default {
  tasks: 6,
  input: ({ index }) => ({ from: 1_000_000 + index * NUMBERS }),

  async task({ from }: { from: number }, { yieldToLoop }: TaskContext) {
    let primes = 0;
    for (let number = from; number < from + NUMBERS; number++) {
      if (isPrime(number)) primes++;
      // Gives other tasks on this event loop a turn, ten times per task.
      if (number % (NUMBERS / 10) === 0) await yieldToLoop();
    }
    return primes;
  },
} satisfies WorkloadDefinition;

function isPrime(number: number): boolean {
  for (let divisor = 2; divisor * divisor <= number; divisor++) {
    if (number % divisor === 0) return false;
  }
  return true;
}
