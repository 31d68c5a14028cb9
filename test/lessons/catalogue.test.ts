import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LESSONS } from '../../dist/src/lessons/catalogue.js';
import { EVENT_LOOP, processes, threads, type BatchLesson, type Measured } from '../../dist/src/lessons/lesson.js';
import { performExperiment } from '../../dist/src/lessons/perform-experiment.js';
import { openServices, type OpenServices } from '../../dist/src/measure/services.js';
import type { Reading } from '../../dist/workers/host-protocol.js';
import { run } from '../support/report-results.js';
import { sampleOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const CODE = fileURLToPath(new URL('../../bench/lessons/', import.meta.url));
const MODULES = new URL('../../dist/bench/lessons/', import.meta.url);

describe('the lessons', () => {
  it('leave out no cell of the tutorial that runs something, and none of what it says', () => {
    const origins = LESSONS.map(({ origin }) => origin.en);
    // In [1], [2], [4], [6] and [12] import and define; [8] to [11] there are none.
    expect(origins.filter((origin) => origin.startsWith('In'))).toEqual([
      'In [3]',
      'In [5]',
      'In [7]',
      'In [13]-[15]',
      'In [16]',
      'In [17]',
      'In [18]',
      'In [19]',
      'In [20]',
      'In [21]',
      'In [22]',
    ]);
    expect(origins.filter((origin) => origin.startsWith('text'))).toHaveLength(7);
  });

  it('each have a module of their name, and every module is one', () => {
    const modules = readdirSync(CODE).filter((file) => file.endsWith('.ts'));
    expect(modules.toSorted()).toEqual(LESSONS.map(({ id }) => `${id}.ts`).toSorted());
  });

  it('have code that fits a screen', () => {
    for (const { id, files = [] } of LESSONS) {
      for (const file of [id, ...files]) {
        const lines = readFileSync(`${CODE}${file}.ts`, 'utf8').trimEnd().split('\n');
        expect(lines.length, file).toBeLessThanOrEqual(50);
        // Two more are before each line.
        expect(Math.max(...lines.map((line) => line.length)), file).toBeLessThanOrEqual(78);
      }
    }
  });

  it('are told in two languages', () => {
    for (const { id, title, idea, tutorial, differs } of LESSONS) {
      for (const text of [title, idea, tutorial, ...(differs === undefined ? [] : [differs])]) {
        expect(text.en, id).not.toBe('');
        expect(text.pt, id).not.toBe(text.en);
      }
    }
  });

  it('run in pools where that makes sense', () => {
    const inPools = LESSONS.filter(({ ways }) =>
      (typeof ways === 'function' ? ways(2) : ways).some(({ strategy }) => strategy === 'child-processes'),
    );
    expect(inPools.map(({ id }) => id)).toEqual([
      'concurrency-is-not-parallelism',
      'gather-many',
      'await-in-a-loop',
      'blocking-sleep',
      'results-in-order',
      'one-fails',
      'failures-returned',
      'cancel-task',
      'cancel-group',
    ]);
  });
});

/** What a changed copy does otherwise: the text that is replaced, and what by. */
const CHANGES: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'one-awaited': ['await start({ seconds: randomSeconds() })', 'void start({ seconds: randomSeconds() })'],
  'gather-many': ['tasks.push(start(', 'tasks.push(await start('],
  'await-in-a-loop': ['await task;', 'void task;'],
  'event-loop': ['clearTimeout(cancelled)', 'void cancelled'],
  awaitables: ['const first = start({ seconds: 2 })', 'const first = start({ seconds: 0 })'],
  'start-the-loop': ["child.kill('SIGINT')", "child.kill('SIGKILL')"],
  'async-all-the-way-down': [
    "('asynchronous client', () => five('fetch'))",
    "('asynchronous client', () => five('blocking'))",
  ],
  'blocking-sleep': ["kind === 'asyncio.sleep'", 'true'],
  'gather-one-three-ten': [
    'Promise.all(Array.from({ length: count }, () => start({ seconds: 1 })))',
    'Array.from({ length: count }).reduce((before) => before.then(() => start({ seconds: 1 })), Promise.resolve())',
  ],
  'results-in-order': ['await Promise.all(tasks)', '(await Promise.all(tasks), [...done])'],
  'nested-groups': ['const group1 = Promise.all(', 'const group1 = await Promise.all('],
  'coroutines-and-tasks': ['return () => promise', 'return () => call(value)'],
  'one-fails': ['await Promise.all(tasks)', 'await Promise.allSettled(tasks)'],
  'failures-returned': ['value === 0', 'value === 1'],
  'cancel-task': ['friend?.abort()', 'void friend'],
  'cancel-group': ['group?.abort()', 'void group'],
};

describe('the claims of a lesson', () => {
  let services: OpenServices;
  beforeAll(async () => {
    services = await openServices(new Set(['http-server']));
  });
  afterAll(() => services.close());

  const experiments = LESSONS.filter((lesson) => lesson.kind === 'experiment');

  it('can be made to fail, each lesson’s by a change of its code', () => {
    expect(Object.keys(CHANGES).toSorted()).toEqual(experiments.map(({ id }) => id).toSorted());
  });

  it.each(experiments.map((lesson) => [lesson.id, lesson] as const))(
    '%s: fail if its code does otherwise',
    async (id, lesson) => {
      const [from = '', to = ''] = CHANGES[id] ?? [];
      const source = await readFile(new URL(`${id}.js`, MODULES), 'utf8');
      expect(source).toContain(from);
      const changed = source
        .replace(from, to)
        // It lies in another folder than what it refers to.
        .replaceAll('import.meta.url', JSON.stringify(new URL(`${id}.js`, MODULES).href))
        .replaceAll(/from '(\.[^']*)'/g, (_match, path: string) => `from '${new URL(path, MODULES).href}'`);
      const setting = { way: EVENT_LOOP, unitMs: 20 };
      const evidence = await performExperiment(
        { url: await folder.module(changed), ...setting, seed: 3, services: services.services },
        new AbortController().signal,
      );
      expect(lesson.judge(evidence, setting).claims.filter(({ pass }) => !pass)).not.toEqual([]);
    },
  );
});

describe('the claims of batches', () => {
  const lesson = (id: string): BatchLesson => {
    const found = LESSONS.find((other) => other.id === id);
    if (found?.kind !== 'batch') throw new Error(id);
    return found;
  };
  const measured = (way: typeof EVENT_LOOP, reading: Partial<Reading>, slices: Measured['slices'] = []): Measured => ({
    way: { ...way, tasks: 6, params: {} },
    readings: [sampleOf(reading)],
    slices,
  });
  const passed = (judged: ReturnType<BatchLesson['judge']>): boolean[] => judged.claims.map(({ pass }) => pass);
  const turns = [run(0, 0, 0, 1), run(1, 0, 1, 2)];
  const together = [run(0, 0, 0, 2), run(1, 1, 1, 2)];

  it('tell turns that are taken from tasks that run in the same instant', () => {
    const { judge } = lesson('concurrency-is-not-parallelism');
    const loop = measured(EVENT_LOOP, { inProgress: 5.7, coresUsed: 1 }, turns);
    const pool = measured(processes(2), { inProgress: 1.9, coresUsed: 1.8 }, together);
    const all = [loop, pool];
    expect(passed(judge(loop, all, 2))).toEqual([true, true, true]);
    expect(passed(judge(pool, all, 2))).toEqual([true, true]);
    // One task after the other; two cores; two at once.
    expect(passed(judge(measured(EVENT_LOOP, { inProgress: 1, coresUsed: 1.9 }, together), all, 2))).toEqual([
      false,
      false,
      false,
    ]);
    // A pool that is no faster than one core, whose tasks take turns.
    expect(passed(judge(measured(threads(2), { coresUsed: 1.1 }, turns), all, 2))).toEqual([false, false]);
    // Half of every core is taken by others: the pool still has more than the loop.
    const [slowLoop, slowPool] = [
      measured(EVENT_LOOP, { coresUsed: 0.6 }),
      measured(threads(2), { coresUsed: 1 }, together),
    ];
    expect(passed(judge(slowPool, [slowLoop, slowPool], 2))).toEqual([true, true]);
  });

  it('tell switches at waits from interruptions, where they are counted', () => {
    const { judge } = lesson('switches-at-waits');
    const switches = (voluntary: number, involuntary: number) => ({ contextSwitches: { voluntary, involuntary } });
    expect(passed(judge(measured(EVENT_LOOP, switches(28, 1), turns), [], 2))).toEqual([true, true, true]);
    expect(passed(judge(measured(EVENT_LOOP, switches(4, 28), together), [], 2))).toEqual([false, false, false]);
    expect(passed(judge(measured(threads(4), switches(60, 80)), [], 2))).toEqual([true]);
    expect(passed(judge(measured(threads(4), switches(60, 3)), [], 2))).toEqual([false]);
    const unknown = judge(measured(EVENT_LOOP, { contextSwitches: null }, turns), [], 2);
    expect(unknown.claims).toEqual([]);
    expect(unknown.notMeasured?.map(({ en }) => en)).toEqual([
      'This system does not count context switches: not measured.',
    ]);
  });
});
