/** Where the time of works goes whose answer is known, as profiles of real hosts show it. */
import { expect, it } from 'vitest';
import { startHost } from '../../dist/src/measure/host.js';
import type { TimeParts } from '../../dist/src/model/results.js';
import { assignmentOf } from '../support/host-assignment.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

async function profiled(strategy: string, source: string, tasks = 4) {
  const host = await startHost({ timeoutMs: 100_000, startTimeoutMs: 100_000, env: {} });
  try {
    await host.open(assignmentOf(await folder.module(source), { strategy, tasks, verify: 'off', rounds: 1 }));
    await host.warm(1);
    const { workers, files } = await host.profile();
    await host.close();
    return { workers, files, lanes: workers.filter(({ lane }) => lane.kind !== 'main') };
  } finally {
    await host.kill();
  }
}

/** The part that takes most of the time in which a thread does not wait. */
function largestOf(parts: TimeParts | null | undefined, among = ['own', 'serialization', 'gc', 'other'] as const) {
  return among.toSorted((one, other) => (parts?.[other] ?? 0) - (parts?.[one] ?? 0))[0];
}

/** Computes for a while, however fast the machine is. */
const COMPUTES = `export default { input: () => 0, task: () => {
  let sum = 0;
  for (let i = 0; i < 3e7; i++) sum = (sum * 31 + i) % 1000003;
  return sum;
} };`;
/** Allocates, and collects among many objects that live, as often on every machine. */
const ALLOCATES = `import v8 from 'node:v8';
import vm from 'node:vm';
v8.setFlagsFromString('--expose-gc');
const collect = vm.runInNewContext('gc');
const kept = Array.from({ length: 1e5 }, (_, i) => ({ i, next: [i] }));
export default { input: () => 0, task: () => {
  for (let i = 0; i < 1e4; i++) {
    kept[i] = { i, next: [i] };
    if (i % 1e3 === 0) collect();
  }
  return kept.length;
} };`;
const ECHOES = `export default { input: () => new Uint8Array(4e6), task: (bytes) => bytes };`;
const WAITS = `export default { input: () => 0, task: () => new Promise((resolve) => setTimeout(resolve, 50)) };`;

it.each(['event-loop', 'worker-threads', 'child-processes'])(
  'a profile of %s shows that a task which only computes spends its time in its own code',
  async (strategy) => {
    const { workers, files, lanes } = await profiled(strategy, COMPUTES);
    for (const { parts } of strategy === 'event-loop' ? workers : lanes) {
      expect(largestOf(parts)).toBe('own');
      expect(Object.values(parts ?? {}).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    }
    expect(workers[0]?.lane).toEqual({ kind: 'main', index: 0 });
    expect(lanes.map(({ lane }) => lane.index)).toEqual(strategy === 'event-loop' ? [] : [0, 1]);
    expect(files.map(({ lane }) => lane)).toEqual(workers.map(({ lane }) => lane));
    expect(files.every(({ content }) => content.nodes.length > 0 && (content.samples ?? []).length > 0)).toBe(true);
  },
);

it.each(['event-loop', 'worker-threads', 'child-processes'])(
  'a profile of %s shows the garbage collection of a task that allocates, and so does its GC time',
  async (strategy) => {
    const { workers, lanes } = await profiled(strategy, ALLOCATES);
    for (const { parts, gcShare } of strategy === 'event-loop' ? workers : lanes) {
      expect(largestOf(parts)).toBe('gc');
      expect(gcShare).toBeGreaterThan(0.2);
    }
  },
);

it.each(['worker-threads', 'child-processes'])(
  'a profile of %s shows that the main thread copies the megabytes of an echo',
  async (strategy) => {
    const { workers } = await profiled(strategy, ECHOES);
    expect(largestOf(workers[0]?.parts)).toBe('serialization');
  },
);

it.each(['event-loop', 'worker-threads', 'child-processes'])(
  'a profile of %s shows that a task with a timer waits',
  async (strategy) => {
    const { workers } = await profiled(strategy, WAITS);
    for (const { parts } of workers) expect(parts?.idle).toBeGreaterThan(0.5);
    // A parked thread of Piscina would count as busy.
    const loops = workers
      .filter(({ lane }) => lane.kind !== 'thread')
      .map(({ loopUtilization }) => loopUtilization ?? 1);
    expect(Math.max(...loops)).toBeLessThan(0.5);
    const threads = workers.filter(({ lane }) => lane.kind === 'thread').map(({ loopUtilization }) => loopUtilization);
    expect(threads).toEqual(strategy === 'worker-threads' ? [null, null] : []);
  },
);

it('nothing is profiled where every task starts a worker, since none is there to be asked', async () => {
  const { workers, files } = await profiled('thread-per-task', COMPUTES, 2);
  expect([workers, files]).toEqual([[], []]);
});
