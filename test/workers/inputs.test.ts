import { describe, expect, it } from 'vitest';
import type { InputContext } from '../../dist/workers/contract.js';
import { prepareInputs } from '../../dist/workers/inputs.js';

const SPEC = { tasks: 3, params: { n: 5 }, seed: 9 };
const untraced = { traced: false };

describe('prepareInputs', () => {
  it('calls input once per task, in order, with the params', async () => {
    const makeTasks = await prepareInputs(
      { task: () => 0, input: ({ index, params }: InputContext) => [index, params.n] },
      SPEC,
    );
    expect(makeTasks(untraced)).toEqual([0, 1, 2].map((index) => ({ index, input: [index, 5], traced: false })));
  });

  it('gives the same random numbers for the same seed, whichever cell asks', async () => {
    const workload = { task: () => 0, input: ({ random }: InputContext) => random() };
    const [a, b, c] = await Promise.all([
      prepareInputs(workload, SPEC),
      prepareInputs(workload, SPEC),
      prepareInputs(workload, { ...SPEC, seed: 10 }),
    ]);
    expect(a(untraced)).toEqual(b(untraced));
    expect(a(untraced)).not.toEqual(c(untraced));
    for (const { input } of a(untraced)) expect(input).toBeGreaterThanOrEqual(0);
  });

  it('makes fresh copies for every batch, so that a task which changes its input changes nothing for the next', async () => {
    const makeTasks = await prepareInputs({ task: () => 0, input: () => ({ list: [1] }) }, SPEC);
    for (const { input } of makeTasks(untraced)) (input as { list: number[] }).list.push(2);
    expect(makeTasks(untraced)[0]?.input).toEqual({ list: [1] });
  });

  it('gives each task its own of the given inputs, and begins again where there are more tasks', async () => {
    const makeTasks = await prepareInputs({ task: () => 0 }, { ...SPEC, tasks: 5, inputs: ['a', 'b'] });
    expect(makeTasks(untraced).map(({ input }) => input)).toEqual(['a', 'b', 'a', 'b', 'a']);
  });

  it('hands over the given input where the workload makes none, also one that cannot be cloned', async () => {
    expect((await prepareInputs({ task: () => 0 }, { ...SPEC, inputs: ['x'] }))(untraced)[2]?.input).toBe('x');
    const uncloneable = (): number => 1;
    expect((await prepareInputs({ task: () => 0, input: () => uncloneable }, SPEC))(untraced)[0]?.input).toBe(
      uncloneable,
    );
  });
});
