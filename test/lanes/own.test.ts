import { readdir } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findStrategies } from '../../dist/src/measure/find-strategies.js';
import { defineStrategy, type StrategyDefinition } from '../../dist/src/strategy.js';
import { strategyRules } from '../../dist/src/testing.js';
import { digestOf } from '../../dist/workers/digest.js';
import { useTempFolder } from '../support/temp-folder.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/strategies/', import.meta.url));
const folder = useTempFolder();

const files = (await readdir(EXAMPLES)).filter((name) => name.endsWith('.js'));

describe.each(files)('the example %s', async (file) => {
  const { default: definition } = (await import(pathToFileURL(join(EXAMPLES, file)).href)) as {
    readonly default: StrategyDefinition;
  };
  it.each(strategyRules(definition).map(({ title, check }) => [title, check] as const))('%s', async (_title, check) => {
    await expect(check()).resolves.toBeUndefined();
  });
});

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

  it('are broken by a strategy that does other work, or another task’s', async () => {
    const [results] = strategyRules(flawed((n) => ({ twice: n * 2 })));
    await expect(results?.check()).resolves.toBeUndefined();
    const [others] = strategyRules(flawed((n) => ({ twice: n })));
    await expect(others?.check()).rejects.toThrow('Expected values to be strictly deep-equal');
  });

  it('are broken by a strategy that hides that a task has failed', async () => {
    const rule = strategyRules(flawed(() => 1)).find(({ title }) => title.startsWith('tells of a task that throws'));
    await expect(rule?.check()).rejects.toThrow('Expected values to be strictly equal');
  });
});

describe('the modules of strategies', () => {
  it('are found by a pattern, and say what they are', async () => {
    const { strategies, warnings } = await findStrategies([join(EXAMPLES, '*.js')]);
    expect(warnings).toEqual([]);
    expect(strategies.map(({ name, laneKind, keepsLanes }) => [name, laneKind, keepsLanes])).toContainEqual([
      'raw-worker-threads',
      'thread',
      true,
    ]);
    expect(strategies).toHaveLength(files.length);
  });

  it('are left out, and named, if they need a package that is not installed', async () => {
    const file = await folder.file('absent.mjs', "import 'no-such-pool'; export default {};");
    expect(await findStrategies([file])).toEqual({
      strategies: [],
      warnings: [{ kind: 'strategy-left-out', strategy: 'absent', missing: 'no-such-pool' }],
    });
  });

  it.each([
    ['export default 1;', 'its default export is no object with `lanes` and `open`'],
    ["export default { lanes: 'fibre', open() {} };", "`lanes` must be 'thread', 'process' or 'main'"],
    ["export default { lanes: 'thread' };", '`open` must be a function'],
    ["export default { name: 'a b', lanes: 'thread', open() {} };", '`name` must be of letters'],
    ["throw new Error('broken');", 'on import it threw Error: broken'],
    ['process.exit(3);', 'on import the process ended with exit code 3'],
  ])('are refused in a sentence: %s', async (source, sentence) => {
    const file = await folder.file('wrong.mjs', source);
    await expect(findStrategies([file])).rejects.toThrow(sentence);
  });

  it('are refused if there is none', async () => {
    await expect(findStrategies(['./missing/*.js'])).rejects.toThrow('No module is named ./missing/*.js');
    await expect(findStrategies(['./missing.mjs'])).rejects.toThrow('There is no file ./missing.mjs');
  });
});
