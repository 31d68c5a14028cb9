/** The code of the jobs whose price is asked: BullMQ runs it in the worker's own process, or loads it in a sandbox. */
import { countPrimes } from '../../../bench/cpu/count-primes.ts';

interface Work {
  /** Jobs of a batch: enough for a tenth of a second or more. */
  readonly jobs: number;
  readonly input: (index: number) => unknown;
  readonly run: (input: never) => unknown;
}

const PRIMES = 75_000;

/** As the built-in workloads, with inputs that JSON carries. */
export const WORKS = {
  noop: { jobs: 500, input: () => null, run: () => null },
  // 64 KiB of text there and back.
  echo: { jobs: 100, input: () => 'x'.repeat(65_536), run: (text: string) => text },
  primes: {
    jobs: 40,
    input: (index) => 1_000_000 + index * PRIMES,
    run: (from: number) => countPrimes(from, PRIMES, PRIMES + 1).next().value,
  },
} as const satisfies Readonly<Record<string, Work>>;

export type WorkName = keyof typeof WORKS;

export default async function run({ name, data }: { readonly name: string; readonly data: unknown }): Promise<unknown> {
  const work: Work = WORKS[name as WorkName];
  return work.run(data as never);
}
