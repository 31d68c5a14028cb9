import { defineWorkload, type InputContext } from '../../workers/contract.ts';

/** Of the loop below, about what a core of a cloud machine of 2024 does. */
const STEPS_PER_MS = 500_000;

interface Input {
  readonly start: number;
  readonly steps: number;
}

export default defineWorkload({
  name: 'compute',
  bound: 'cpu',
  description: 'a fixed number of steps of arithmetic, about `ms` milliseconds of a core: how small may a task be?',
  params: { ms: 5 },
  tasks: 16,
  input: ({ index, params }: InputContext): Input => ({
    start: index + 1,
    steps: Math.max(1, Math.round(Number(params.ms) * STEPS_PER_MS)),
  }),
  task: ({ start, steps }: Input): number => {
    // Marsaglia's xorshift: each step needs the one before, so that nothing can be left out.
    let state = start;
    for (let step = 0; step < steps; step++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    return state >>> 0;
  },
});
