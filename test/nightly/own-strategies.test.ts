import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { onPath } from '../../dist/src/queue/on-path.js';
import type { StrategyDefinition } from '../../dist/src/strategy.js';
import { strategyRules } from '../../dist/src/testing.js';
import { useTempFolder } from '../support/temp-folder.ts';

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

const folder = useTempFolder();

it.each(['tinypool-threads.js', 'workerpool-threads.js'])(
  'a rejection that a task leaves behind its result comes up in the idle threads of %s when they catch up',
  async (file) => {
    const { default: definition } = (await import(new URL(file, EXAMPLES).href)) as {
      readonly default: StrategyDefinition;
    };
    const url = await folder.module(`export default () => { Promise.reject(new Error('nobody listens')); return 1; }`);
    const lane = { workload: { url }, params: {}, services: {}, cell: 'work/cell', concurrency: 1 };
    const lanes = await definition.open(lane, { poolSize: 1, atomics: 'sync', transferOf: undefined });
    const task = { index: 0, input: undefined, traced: false, verified: false };
    const comesUp = async (): Promise<unknown> => {
      const [record] = await lanes.run([task]);
      if (record?.reply.status !== 'ok') return record?.reply.error.message;
      return lanes.catchUp?.().catch(String);
    };
    expect(await comesUp()).toMatch(/nobody listens|terminated|exit/i);
    await lanes.close();
  },
);
