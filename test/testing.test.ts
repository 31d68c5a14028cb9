import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { defineStrategy, type StrategyDefinition } from '../dist/src/strategy.js';
import { strategyRules } from '../dist/src/testing.js';
import { nowNs } from '../dist/workers/clock.js';
import type { TaskRecord } from '../dist/workers/contract.js';
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

  /** A strategy that runs tasks in turn on the main thread, with faults. */
  function turning(fault: {
    readonly first?: (whenDone?: () => void) => void;
    readonly each?: (task: () => Promise<unknown>) => Promise<unknown>;
    readonly close?: () => Promise<void>;
  }): StrategyDefinition {
    return defineStrategy({
      lanes: 'main',
      open: async (assignment) => {
        const { default: task } = (await import(assignment.workload.url)) as {
          readonly default: (input: unknown) => unknown;
        };
        return {
          run: async (tasks, _watch, whenDone) => {
            fault.first?.(whenDone);
            const records: TaskRecord[] = [];
            for (const { index, input } of tasks) {
              const once = async (): Promise<unknown> => task(input);
              const submittedNs = nowNs();
              const output = await (fault.each ?? ((call) => call()))(once);
              const finishedNs = nowNs();
              const stamps = { startedNs: submittedNs, finishedNs, digestedNs: finishedNs };
              const reply = { status: 'ok', lane: 0, ...stamps, digest: digestOf(output), output: 0 } as const;
              records.push({ index, submittedNs, receivedNs: nowNs(), reply });
            }
            return records;
          },
          close: fault.close ?? (async () => undefined),
        };
      },
    });
  }

  const brokenBy = async (title: string, fault: Parameters<typeof turning>[0]): Promise<string> => {
    const rule = strategyRules(turning(fault)).find((one) => one.title.startsWith(title));
    return (rule ?? { check: () => Promise.reject(new Error('no such rule')) }).check().then(() => 'kept', String);
  };

  it('the rules of strategies find one that ends a batch before its results', async () => {
    expect(await brokenBy('runs one batch', {})).toBe('kept');
    expect(await brokenBy('runs one batch', { first: (whenDone) => whenDone?.() })).toContain(
      'it called `whenDone` before 5 of 5 results',
    );
  });

  it('the rules of strategies find one that answers from an earlier batch, or runs tasks twice', async () => {
    let last: unknown;
    let calls = 0;
    const cached = (call: () => Promise<unknown>): Promise<unknown> => {
      if (calls++ < 5) last = call();
      return Promise.resolve(last);
    };
    expect(await brokenBy('runs one batch', { each: cached })).toContain(
      'each batch has the results of its own inputs',
    );
    expect(await brokenBy('runs each task once', {})).toBe('kept');
    expect(await brokenBy('runs each task once', { each: async (call) => [await call(), await call()][1] })).toContain(
      'the tasks that were run',
    );
  });

  it('the rules of strategies find one that leaves a thread, even if that keeps no program alive', async () => {
    let thread: Worker | undefined;
    const leaking = {
      first: () => {
        thread = new Worker('setInterval(() => {}, 1000)', { eval: true });
        thread.unref();
      },
    };
    expect(await brokenBy('leaves no process', {})).toBe('kept');
    expect(await brokenBy('leaves no process', leaking)).toContain('a thread is still running');
    await thread?.terminate();
    const closing = { ...leaking, close: async () => void (await thread?.terminate()) };
    expect(await brokenBy('leaves no process', closing)).toBe('kept');
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
