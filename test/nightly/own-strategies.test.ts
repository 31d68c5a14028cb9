import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { onPath } from '../../dist/src/queue/on-path.js';
import type { StrategyDefinition } from '../../dist/src/strategy.js';
import { strategyRules } from '../../dist/src/testing.js';

const EXAMPLES = new URL('../../examples/strategies/', import.meta.url);

const files = (await readdir(fileURLToPath(EXAMPLES))).filter((name) => name.endsWith('.js'));

/** Programs that some of them start. */
const SERVERS: readonly (readonly [RegExp, string])[] = [
  [/^bullmq-/, 'redis-server'],
  [/^nats/, 'nats-server'],
];

const isMissing = (file: string): boolean =>
  SERVERS.some(([pattern, program]) => pattern.test(file) && onPath(program) === undefined);

describe.each(files)('the example %s', async (file) => {
  const { default: definition } = (await import(new URL(file, EXAMPLES).href)) as {
    readonly default: StrategyDefinition;
  };
  // A server that is not installed is installed by continuous integration.
  it.skipIf(isMissing(file)).each(strategyRules(definition).map(({ title, check }) => [title, check] as const))(
    '%s',
    async (_title, check) => {
      await expect(check()).resolves.toBeUndefined();
    },
  );
});
