import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LESSONS } from '../../dist/src/lessons/catalogue.js';
import { EVENT_LOOP, processes, threads, type Configuration } from '../../dist/src/lessons/configurations.js';
import { type BatchLesson, type Measured } from '../../dist/src/lessons/lesson.js';
import { moduleText } from '../../dist/src/lessons/module-code.js';
import { performExperiment } from '../../dist/src/lessons/perform-experiment.js';
import { openServices, type OpenServices } from '../../dist/src/measure/worker-process.js';
import type { Reading } from '../../dist/src/model/measured.js';
import { run } from '../support/report-results.js';
import { sampleOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const CODE = fileURLToPath(new URL('../../bench/lessons/', import.meta.url));

describe('the lessons', () => {
  it('are those of the tutorial’s cells that run something, in their order, and seven of its text', () => {
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

  it('that are not in the tutorial come last, and are marked', () => {
    expect(LESSONS.slice(18).map(({ id, origin }) => [id, origin.en])).toEqual([
      ['open-and-closed', 'added: load tests'],
    ]);
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

  it('are written in two languages', () => {
    for (const { id, title, idea, tutorial, differs = [], takeaway = [] } of LESSONS) {
      for (const text of [title, idea, tutorial, differs, takeaway].flat()) {
        expect(text.en, id).not.toBe('');
        expect(text.pt, id).not.toBe(text.en);
      }
    }
  });

  it('run in pools where that makes sense', () => {
    const inPools = LESSONS.filter(({ configurations }) =>
      (typeof configurations === 'function' ? configurations(2) : configurations).some(
        ({ strategy }) => strategy === 'child-processes',
      ),
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

interface Change {
  /** Text to replace, and its replacement. */
  readonly from: string;
  readonly to: string;
  /** In the text of the claim that must fail. */
  readonly fails: string;
  readonly configuration?: Configuration;
}

/** Changes of a modified copy that must make a claim fail. */
const CHANGES: Readonly<Record<string, readonly [Change, ...Change[]]>> = {
  'one-awaited': [
    {
      from: 'await start({ seconds: randomSeconds() })',
      to: 'void start({ seconds: randomSeconds() })',
      fails: 'the total',
    },
  ],
  'gather-many': [
    { from: 'tasks.push(start(', to: 'tasks.push(await start(', fails: 'not' },
    { from: 'tasks.push(start(', to: 'tasks.push(await start(', fails: 'two workers', configuration: threads(2) },
  ],
  'await-in-a-loop': [
    { from: 'await task;', to: 'void task;', fails: 'in flight at once' },
    { from: 'await task;', to: 'void task;', fails: 'in flight at once', configuration: processes(2) },
  ],
  'event-loop': [{ from: 'clearTimeout(cancelled)', to: 'void cancelled', fails: 'never fired' }],
  awaitables: [{ from: 'first = start({ seconds: 2 })', to: 'first = start({ seconds: 0 })', fails: 'its state' }],
  'start-the-loop': [{ from: 'code: child.exitCode', to: 'code: 1', fails: 'run-until-complete: its process' }],
  'async-all-the-way-down': [
    {
      from: "client', () => five('fetch'))",
      to: "client', () => five('blocking'))",
      fails: 'asynchronous client: the total',
    },
  ],
  'blocking-sleep': [
    { from: "kind === 'asyncio.sleep'", to: 'true', fails: 'one that blocks: the event-loop delay' },
    {
      from: 'Promise.all([',
      to: 'start({ seconds: 3, kind }).then(() => [',
      fails: 'three that block: the total',
      configuration: threads(3),
    },
  ],
  'gather-one-three-ten': [
    {
      from: 'Promise.all(Array.from({ length: count }, () => start({ seconds: 1 })))',
      to: 'Array.from({ length: count }).reduce((before) => before.then(() => start({ seconds: 1 })), Promise.resolve())',
      fails: 'the total of 10 tasks',
    },
  ],
  'results-in-order': [
    {
      from: 'await Promise.all(tasks)',
      to: '(await Promise.all(tasks), [...done])',
      fails: 'in the order of the arguments',
    },
    {
      from: 'await Promise.all(tasks)',
      to: '(await Promise.all(tasks), [...done])',
      fails: 'the two orders differ',
      configuration: processes(2, 'all'),
    },
  ],
  'nested-groups': [{ from: 'group1 = Promise.all(', to: 'group1 = await Promise.all(', fails: 'in flight at once' }],
  'coroutines-and-tasks': [
    { from: 'return () => promise', to: 'return () => call(value)', fails: 'started in this order' },
  ],
  'one-fails': [
    { from: 'await Promise.all(tasks)', to: 'await Promise.allSettled(tasks)', fails: 'the message that was caught' },
    { from: 'error instanceof BadThing', to: 'true', fails: 'it is a copy', configuration: threads(2, 'all') },
  ],
  'failures-returned': [{ from: 'value === 0', to: 'value === 1', fails: 'the list of results and errors' }],
  'cancel-task': [
    { from: 'friend?.abort()', to: 'void friend', fails: 'what became of tasks' },
    {
      from: 'setTimeout(() => friend.abort(), unit / 2)',
      to: 'void 0',
      fails: 'workers that ended',
      configuration: threads(3),
    },
  ],
  'cancel-group': [
    { from: 'here?.group.abort()', to: 'void here', fails: 'numbers of the tasks that ran' },
    {
      from: '{ signal: group.signal }',
      to: '{}',
      fails: 'tasks that were cancelled',
      configuration: threads(2, 'all'),
    },
  ],
  'open-and-closed': [
    {
      // One at a time, and counted from when it is sent.
      from: 'sleep(ms).then(() => send(ms))',
      to: 'sleep(ms).then(() => (globalThis.last = Promise.resolve(globalThis.last).then(() => send())))',
      fails: 'everybody who came',
    },
    { from: '[1, 2].map', to: '[1, 2, 3, 4].map', fails: 'one of each user' },
  ],
};

describe('the claims of a lesson', () => {
  let services: OpenServices;
  beforeAll(async () => {
    services = await openServices(new Set(['http-server']));
  });
  afterAll(() => services.close());

  const experiments = LESSONS.filter((lesson) => lesson.kind === 'experiment');
  const cases = experiments.flatMap((lesson) =>
    (CHANGES[lesson.id] ?? []).map((change) => [lesson.id, change, lesson] as const),
  );

  it('can be made to fail, each lesson’s by a change of its code', () => {
    expect(Object.keys(CHANGES).toSorted()).toEqual(experiments.map(({ id }) => id).toSorted());
  });

  it.each(cases)(
    '%s: fail if its code does otherwise: %j',
    async (_id, { from, to, fails, configuration = EVENT_LOOP }, lesson) => {
      const source = await moduleText(lesson);
      expect(source).toContain(from);
      const setting = { configuration, unitMs: 20 };
      const evidence = await performExperiment(
        {
          module: { url: await folder.module(source.replace(from, to)) },
          ...setting,
          seed: 3,
          services: services.services,
        },
        new AbortController().signal,
      );
      const failed = lesson.checkClaims(evidence, setting).claims.filter(({ pass }) => !pass);
      expect(failed.map(({ text }) => text.en).filter((text) => text.includes(fails))).not.toEqual([]);
    },
  );
});

const TWO_CORES = { cores: 2, cpuQuota: null };

describe('the claims of batches', () => {
  const lesson = (id: string): BatchLesson => {
    const found = LESSONS.find((other) => other.id === id);
    if (found?.kind !== 'batch') throw new Error(id);
    return found;
  };
  const measured = (
    configuration: typeof EVENT_LOOP,
    reading: Partial<Reading>,
    slices: Measured['slices'] = [],
  ): Measured => ({
    configuration: { ...configuration, tasks: 6, params: {} },
    readings: [sampleOf(reading)],
    slices,
  });
  const passed = (checked: ReturnType<BatchLesson['checkClaims']>): boolean[] => checked.claims.map(({ pass }) => pass);
  const turns = [run(0, 0, 0, 1), run(1, 0, 1, 2)];
  const together = [run(0, 0, 0, 2), run(1, 1, 1, 2)];

  it('distinguish tasks that take turns from tasks that run at the same instant', () => {
    const { checkClaims } = lesson('concurrency-is-not-parallelism');
    const loop = measured(EVENT_LOOP, { tasksInFlight: 5.7, cpusUsed: 1 }, turns);
    const pool = measured(processes(2), { tasksInFlight: 1.9, cpusUsed: 1.8 }, together);
    expect(passed(checkClaims(loop, TWO_CORES))).toEqual([true, true, true]);
    expect(passed(checkClaims(pool, TWO_CORES))).toEqual([true, true]);
    // One task after the other; two cores; two at once.
    expect(passed(checkClaims(measured(EVENT_LOOP, { tasksInFlight: 1, cpusUsed: 1.9 }, together), TWO_CORES))).toEqual(
      [false, false, false],
    );
    // A pool that is no faster than one core, whose tasks take turns.
    expect(passed(checkClaims(measured(threads(2), { cpusUsed: 1.1 }, turns), TWO_CORES))).toEqual([false, false]);
    // A quota gives two lanes 1.2 cores: 1, and 0.3 of what the second adds.
    expect(passed(checkClaims(measured(threads(2), { cpusUsed: 1.1 }, together), { cores: 2, cpuQuota: 1.2 }))).toEqual(
      [true, true],
    );
    // There is one core.
    expect(passed(checkClaims(measured(threads(1), { cpusUsed: 1 }, turns), { cores: 1, cpuQuota: null }))).toEqual([
      true,
      true,
    ]);
    expect(passed(checkClaims(measured(threads(1), { cpusUsed: 1.9 }, turns), { cores: 1, cpuQuota: null }))).toEqual([
      false,
      true,
    ]);
    const missing = (configuration: typeof EVENT_LOOP, cores: number): readonly string[] =>
      (checkClaims(measured(configuration, { cpusUsed: 1 }, turns), { cores, cpuQuota: null }).notMeasured ?? []).map(
        ({ en }) => en,
      );
    expect(missing(threads(1), 1)).toEqual(['Not measured: parallelism needs two usable CPUs, and here is one.']);
    expect(missing(threads(2), 2)).toEqual([]);
    expect(missing(EVENT_LOOP, 1)).toEqual([]);
    // Others have taken cores from all batches but one.
    const busy: Measured = {
      ...pool,
      readings: [0.9, 1.6, 1].map((cpusUsed) => sampleOf({ cpusUsed })),
    };
    expect(passed(checkClaims(busy, TWO_CORES))).toEqual([true, true]);
    expect(
      passed(checkClaims({ ...busy, configuration: { ...busy.configuration, ...EVENT_LOOP } }, TWO_CORES)),
    ).toEqual([false, false, false]);
  });

  it('distinguish switches at waits from interruptions, where they are counted', () => {
    const { checkClaims } = lesson('switches-at-waits');
    const switches = (voluntary: number, involuntary: number) => ({ contextSwitches: { voluntary, involuntary } });
    expect(passed(checkClaims(measured(EVENT_LOOP, switches(28, 1), turns), TWO_CORES))).toEqual([true, true, true]);
    expect(passed(checkClaims(measured(EVENT_LOOP, switches(4, 28), together), TWO_CORES))).toEqual([
      false,
      false,
      false,
    ]);
    expect(passed(checkClaims(measured(threads(4), switches(60, 80)), TWO_CORES))).toEqual([true]);
    expect(passed(checkClaims(measured(threads(4), switches(60, 3)), TWO_CORES))).toEqual([false]);
    const unknown = checkClaims(measured(EVENT_LOOP, { contextSwitches: null }, turns), TWO_CORES);
    expect(unknown.claims).toEqual([]);
    expect(unknown.notMeasured?.map(({ en }) => en)).toEqual([
      'Not measured: this system does not count context switches.',
    ]);
  });
});
