import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { StrategyDefinition } from '../../dist/src/strategy.js';
import { strategyRules } from '../../dist/src/testing.js';

const EXAMPLES = new URL('../../examples/strategies/', import.meta.url);

const files = (await readdir(fileURLToPath(EXAMPLES))).filter((name) => name.endsWith('.js'));

describe.each(files)('the example %s', async (file) => {
  const { default: definition } = (await import(new URL(file, EXAMPLES).href)) as {
    readonly default: StrategyDefinition;
  };
  it.each(strategyRules(definition).map(({ title, check }) => [title, check] as const))('%s', async (_title, check) => {
    await expect(check()).resolves.toBeUndefined();
  });
});
