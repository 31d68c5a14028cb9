import { describe, expect, it } from 'vitest';
import { defineStrategy, type StrategyDefinition } from '../dist/src/strategy.js';
import { strategyRules } from '../dist/src/testing.js';
import { digestOf } from '../dist/workers/digest.js';

describe('the rules', () => {
  /** A strategy that runs everything on the main loop, as it should, but for what is given. */
  const flawed = (run: (input: number) => unknown): StrategyDefinition =>
    defineStrategy({
      lanes: 'main',
      open: async () => ({
        run: async (tasks) =>
          tasks.map(({ index, input }) => {
            const digest = digestOf(run(input as number));
            const reply = {
              status: 'ok',
              lane: 0,
              startedNs: 2,
              finishedNs: 3,
              digestedNs: 4,
              digest,
              output: 0,
            } as const;
            return { index, submittedNs: 1, receivedNs: 5, reply };
          }),
        close: async () => undefined,
      }),
    });

  it('the rules of strategies find one that does other work, or that of another task', async () => {
    const [results] = strategyRules(flawed((n) => ({ twice: n * 2 })));
    await expect(results?.check()).resolves.toBeUndefined();
    const [others] = strategyRules(flawed((n) => ({ twice: n })));
    await expect(others?.check()).rejects.toThrow('Expected values to be strictly deep-equal');
  });

  it('the rules of strategies find one that returns no records, whatever they are about', async () => {
    const none = defineStrategy({
      lanes: 'main',
      open: async () => ({ run: async () => [], close: async () => undefined }),
    });
    // The CPU time of other processes is no matter of one on the main thread.
    const rules = strategyRules(none).filter(({ title }) => !title.startsWith('reports the CPU time'));
    for (const { check } of rules) await expect(check()).rejects.toThrow('one record per task');
  });

  it('the rules of strategies are those of a definition, and of nothing else', () => {
    for (const nothing of [undefined, null, {}, { open: 1 }])
      expect(() => strategyRules(nothing as never)).toThrow('strategyRules takes the default export');
  });

  it('the rules of strategies find one that hides a failed task', async () => {
    const rule = strategyRules(flawed(() => 1)).find(({ title }) => title.startsWith('reports a task that throws'));
    await expect(rule?.check()).rejects.toThrow('Expected values to be strictly equal');
  });
});
