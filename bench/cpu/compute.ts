import type { InputContext } from '../../workers/contract.ts';
import { defineWorkload } from '../../workers/define-workload.ts';

/** Steps of the loop below, roughly for a CPU of a cloud machine of 2024. */
const STEPS_PER_MS = 500_000;

interface Input {
  readonly start: number;
  readonly steps: number;
}

export default defineWorkload({
  name: 'compute',
  bound: 'cpu',
  description: 'a fixed number of arithmetic steps, about `ms` milliseconds of CPU time: how small may a task be?',
  params: { ms: 5 },
  tasks: 16,
  input: ({ index, params }: InputContext): Input => ({
    start: index + 1,
    steps: Math.max(1, Math.round(Number(params.ms) * STEPS_PER_MS)),
  }),
  task: ({ start, steps }: Input): number => {
    // Marsaglia's xorshift: each step needs the previous one, so none can be optimized away.
    let state = start;
    for (let step = 0; step < steps; step++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    return state >>> 0;
  },
});
