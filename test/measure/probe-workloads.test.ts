import { afterAll, describe, expect, it } from 'vitest';
import type { WorkloadClaims } from '../../dist/workers/claims.js';
import { areAllBusy, kindOf, probeWorkloads, type Probed } from '../../dist/src/measure/probe-workloads.js';
import { killAll } from '../../dist/src/system/forked-child.js';
import { resultsOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';
import { foundWorkload, workloadOf } from '../support/workload.js';

const folder = useTempFolder();
afterAll(killAll);

const delays = (max: number) => ({ p50: 0, p99: max, max });
/** Work that declares nothing, or only what is given. */
async function probedOf(source: string, declared: Partial<WorkloadClaims> = {}): Promise<Probed> {
  const { bound: _none, ...others } = foundWorkload().claims;
  const ref = { url: await folder.module(source) };
  return { workload: workloadOf({ ref, claims: { ...others, ...declared } }), params: {} };
}

/** Of a machine with nothing else to do. */
const CALM = { voluntary: 5, involuntary: 0 };

describe('what work is bound by', () => {
  it.each([
    ['cpu', 'computing on the main thread', { cpuMs: 98, wallMs: 100, loopDelayMs: delays(98), contextSwitches: CALM }],
    [
      'cpu',
      'computing in threads of the runtime',
      { cpuMs: 190, wallMs: 100, loopDelayMs: delays(0), contextSwitches: CALM },
    ],
    [
      'cpu',
      'computing that others leave half a CPU',
      { cpuMs: 45, wallMs: 100, loopDelayMs: delays(99), contextSwitches: CALM },
    ],
    ['io', 'waiting', { cpuMs: 3, wallMs: 100, loopDelayMs: delays(1), contextSwitches: CALM }],
    [
      'io',
      'waiting that holds the thread',
      { cpuMs: 0.1, wallMs: 100, loopDelayMs: delays(99), contextSwitches: CALM },
    ],
    [
      undefined,
      'computing that others leave next to nothing',
      { cpuMs: 9, wallMs: 100, loopDelayMs: delays(24), contextSwitches: { voluntary: 3, involuntary: 40 } },
    ],
    ['mixed', 'some of both', { cpuMs: 45, wallMs: 100, loopDelayMs: delays(20), contextSwitches: CALM }],
  ] as const)('is %s for %s', (kind, _what, reading) => {
    expect(kindOf(reading, false)).toBe(kind);
  });

  it.each([
    [100, 290, true],
    [100, 240, false],
    [null, 290, false],
    [100, null, false],
  ])('depends on whether a CPU was idle: busy for %s and then %s ms, of two CPUs in 100 ms', (from, to, isBusy) => {
    expect(areAllBusy({ busyMs: from }, { busyMs: to, cpus: 2 }, 100)).toBe(isBusy);
  });

  it('is not known of what holds the thread with little CPU while no CPU is idle: it waits, or is kept waiting', () => {
    const held = { cpuMs: 6, wallMs: 100, loopDelayMs: delays(99), contextSwitches: CALM };
    expect(kindOf(held, true)).toBeUndefined();
    // A loop that is free waits.
    expect(kindOf({ ...held, loopDelayMs: delays(1) }, true)).toBe('io');
    expect(kindOf({ ...held, cpuMs: 98 }, true)).toBe('cpu');
  });

  it('is measured on an event loop, and not known of what fails', async () => {
    const workloads = await Promise.all(
      [
        'export default () => { let sum = 0; for (let step = 0; step < 2e7; step++) sum += step % 7; return sum; };',
        'export default () => new Promise((done) => setTimeout(done, 50));',
        'export default () => { throw new Error("no"); };',
      ].map((source) => probedOf(source)),
    );
    const probes = await probeWorkloads(workloads, { options: resultsOf().options, seed: 1, runtimes: [] });
    // On a machine that is taken by others it is not known how much a loop would use, and a timer may fire late.
    expect(['cpu', 'mixed', undefined]).toContain(probes[0]?.bound);
    expect(['io', 'mixed', undefined]).toContain(probes[1]?.bound);
    expect(probes[1]?.taskMs).toBeGreaterThan(45);
    expect(probes[2]).toEqual({ bound: undefined, taskMs: undefined });
  });

  it('is known of what throws for some inputs only, which a load counts', async () => {
    const probed = await probedOf(
      'let ran = 0; export default () => { if (ran++ % 4 === 3) throw new Error("no"); return new Promise((done) => setTimeout(done, 50)); };',
    );
    const [probe] = await probeWorkloads([probed], { options: resultsOf().options, seed: 1, runtimes: [] });
    expect(probe?.taskMs).toBeGreaterThan(45);
  });

  it('is that of warm batches: in short first ones, the runtime compiles for longer than the tasks take', async () => {
    // One host, which runs all batches of 4 tasks: one to warm up, and those that are measured.
    const source = `let ran = 0;
      export default async () => {
        ran += 1;
        if (ran > 12) return new Promise((done) => setTimeout(done, 3));
        for (const end = performance.now() + 1; performance.now() < end; );
      };`;
    const probed = await probedOf(source);
    const [probe] = await probeWorkloads([probed], { options: resultsOf().options, seed: 1, runtimes: [] });
    expect(['io', 'mixed', undefined]).toContain(probe?.bound);
  });

  it('is that of a task after the first, which may load something for a second', async () => {
    const source = `let ran = 0;
      export default () => {
        ran += 1;
        if (ran > 1) return new Promise((done) => setTimeout(done, 1100));
        for (const end = performance.now() + 1100; performance.now() < end; );
      };`;
    const probed = await probedOf(source);
    const [probe] = await probeWorkloads([probed], { options: resultsOf().options, seed: 1, runtimes: [] });
    expect(['io', undefined]).toContain(probe?.bound);
  });

  it('takes the time limit for the time of a task only if that was reached', async () => {
    const workloads = await Promise.all(
      [
        'export default () => { throw new DOMException("no", "TimeoutError"); };',
        'export default () => new Promise((done) => setTimeout(done, 5000));',
      ].map((source) => probedOf(source)),
    );
    const options = { ...resultsOf().options, timeoutMs: 700 };
    expect(await probeWorkloads(workloads, { options, seed: 1, runtimes: [] })).toEqual([
      { bound: undefined, taskMs: undefined },
      { bound: undefined, taskMs: 700 },
    ]);
  });

  it('is not that of code which the runtime compiles beside the tasks, in another thread', async () => {
    const source = `import { Worker } from 'node:worker_threads';
      new Worker('for (const end = Date.now() + 250; Date.now() < end; );', { eval: true });
      export default () => new Promise((done) => setTimeout(done, 10));`;
    const probed = await probedOf(source);
    const [probe] = await probeWorkloads([probed], { options: resultsOf().options, seed: 1, runtimes: [] });
    expect(['io', 'mixed', undefined]).toContain(probe?.bound);
  });

  it('is mixed where tasks wait, but compute for all of the time that several of them take', async () => {
    const source = `export default async () => {
        await new Promise((done) => setTimeout(done, 150));
        for (const end = performance.now() + 60; performance.now() < end; );
      };`;
    const probed = await probedOf(source);
    const [probe] = await probeWorkloads([probed], { options: resultsOf().options, seed: 1, runtimes: [] });
    // One computes for a third of its time, four for two thirds of theirs.
    expect(['mixed', 'io', undefined]).toContain(probe?.bound);
  });

  it('is what the module declares: one task shows how long it takes', async () => {
    const source = `let ran = 0;
      export default () => {
        ran += 1;
        if (ran > 1) throw new Error('a second task');
        for (const end = performance.now() + 100; performance.now() < end; );
      };`;
    const probed = await probedOf(source, { bound: 'io' });
    const [probe] = await probeWorkloads([probed], { options: resultsOf().options, seed: 1, runtimes: [] });
    expect(probe?.bound).toBe('io');
    expect(probe?.taskMs).toBeGreaterThan(95);
  });

  it('is that of one task if it takes long, of which the others are not waited for', async () => {
    const source = `let ran = 0;
      export default () => {
        ran += 1;
        if (ran > 2) throw new Error('a third task');
        for (const end = performance.now() + 1200; performance.now() < end; );
      };`;
    const probed = await probedOf(source);
    const [probe] = await probeWorkloads([probed], { options: resultsOf().options, seed: 1, runtimes: [] });
    expect(['cpu', 'mixed', undefined]).toContain(probe?.bound);
    expect(probe?.taskMs).toBeGreaterThan(1190);
  });
});
