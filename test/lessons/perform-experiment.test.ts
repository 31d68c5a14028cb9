import { describe, expect, it } from 'vitest';
import { performExperiment } from '../../dist/src/lessons/perform-experiment.js';
import type { Evidence } from '../../dist/src/model/lessons.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const EVENT_LOOP = { strategy: 'event-loop', poolSize: 1, concurrency: 'all' } as const;

async function perform(source: string, signal = new AbortController().signal): Promise<Evidence<unknown>> {
  const url = await folder.module(source);
  return performExperiment({ module: { url }, configuration: EVENT_LOOP, unitMs: 10, seed: 7, services: {} }, signal);
}

const TASK = 'async task({ ms }) { await new Promise((resolve) => setTimeout(resolve, ms)) }';

describe('a lesson that writes to the pipe of its host', () => {
  it.each(['experiment() { writeSync(3, "oops") }', 'experiment({ start }) { return start() }'])(
    'is not performed, in a sentence: %s',
    async (experiment) => {
      const source = `import { writeSync } from 'node:fs';
        export default { task() { writeSync(3, 'oops') }, async ${experiment} }`;
      await expect(perform(source)).rejects.toThrow(/^its process wrote to descriptor 3, which is Lanewise’s own/);
    },
  );
});

describe('an experiment', () => {
  it('is timed until it returns, and every task of it until its end', async () => {
    const evidence = await perform(`export default { ${TASK}, async experiment({ start }) {
      void start({ ms: 150, seconds: 2 });
      await start({ ms: 5 });
      return 'early';
    } }`);
    expect(evidence.result).toBe('early');
    expect(evidence.totalMs).toBeGreaterThanOrEqual(4);
    expect(evidence.totalMs).toBeLessThan(evidence.tasks[0]?.endedMs ?? Number.NaN);
    expect(evidence.tasks.map(({ outcome, seconds, lane }) => ({ outcome, seconds, lane }))).toEqual([
      { outcome: 'done', seconds: 2, lane: 0 },
      { outcome: 'done', seconds: undefined, lane: 0 },
    ]);
    expect(new Set(evidence.slices.map(({ task }) => task))).toEqual(new Set([0, 1]));
  });

  it('times its parts, each with the delay of the event loop in it', async () => {
    const { phases } = await perform(`export default { ${TASK}, async experiment({ phase, start }) {
      await phase('waits', () => start({ ms: 20 }));
      await phase('blocks', async () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60));
    } }`);
    expect(phases.map(({ name }) => name)).toEqual(['waits', 'blocks']);
    // What blocks, blocks: no machine is too fast for that.
    expect(phases[1]?.totalMs).toBeGreaterThanOrEqual(59);
    expect(phases[1]?.loopDelayMs).toBeGreaterThanOrEqual(55);
  });

  it('draws the same seconds from the same seed, from 1 to 5', async () => {
    const source = `export default { ${TASK}, async experiment({ randomSeconds }) {
      return Array.from({ length: 200 }, randomSeconds);
    } }`;
    const [one, two] = [(await perform(source)).result, (await perform(source)).result] as number[][];
    expect(one).toEqual(two);
    expect([...new Set(one)].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
  });

  it.each([
    ['throws', `async experiment() { throw new TypeError('no good') }`, 'TypeError: no good'],
    [
      'fails where nobody listens',
      `async experiment({ start }) { void start({}); await new Promise((r) => setTimeout(r, 99)) }`,
      'TypeError',
    ],
    ['ends its process', 'async experiment() { process.exit(3) }', 'exit code 3'],
    ['is none', '', 'the default export has no `experiment` function'],
    ['returns what cannot be copied', 'async experiment() { return () => 1 }', 'could not be cloned'],
  ])('that %s is told of', async (_how, experiment, sentence) => {
    const source = `export default { async task({ ms }) { if (!ms) throw new TypeError('lost') }, ${experiment} }`;
    await expect(perform(source)).rejects.toThrow(sentence);
  });

  it('ends at once when nobody wants it any more', async () => {
    const giveUp = new AbortController();
    setTimeout(() => giveUp.abort(), 400);
    const endless = perform(`export default { ${TASK}, async experiment() { for (;;); } }`, giveUp.signal);
    await expect(endless).rejects.toThrow('the process ended with');
  });
});
