import { describe, expect, it } from 'vitest';
import type { DriveAssignment, Driven } from '../../dist/src/drive/drive-protocol.js';
import type { GroupContext } from '../../dist/src/measure/cell-hosts.js';
import { rateGroup } from '../../dist/src/measure/rate-group.js';
import type { LoadPlan } from '../../dist/src/model/plan.js';
import { groupTaskOf } from '../support/group-task.js';
import { scriptedHosts, type Script } from '../support/scripted-host.js';
import { windowOf } from '../support/windows.js';

const COSTS = {
  wallMs: 10,
  cpuMs: 1,
  cpusUsed: 0.1,
  loopDelayMs: { p50: 0, p99: 0, max: 0 },
  contextSwitches: null,
};

/** A server that answers each request alone in 5 ms, and any number at once at a rate; at another one after a window. */
function answersOf(cold: number, warm = cold) {
  const driven: DriveAssignment[] = [];
  const drive = async (_server: unknown, assignment: DriveAssignment): Promise<Driven> => {
    driven.push(assignment);
    const { dueMs } = assignment.window;
    const perSecond = driven.some(({ window }) => window.dueMs.length === PLAN.requests) ? warm : cold;
    const max = dueMs.at(-1) === 0 ? (dueMs.length / perSecond) * 1000 : 5;
    const {
      block: _block,
      round: _round,
      position: _position,
      ...reading
    } = windowOf(0, 0, max, {
      done: dueMs.length,
      latencyMs: { p50: 5, p90: max, p95: max, p99: max, max },
    });
    const driver = { lateMs: { p50: 0, p99: 0, max: 0 }, readLateMs: { p99: 0 }, cpus: 0, sockets: 1, limits: [] };
    return { reading, driver, cpuMs: 0, digests: [] };
  };
  return { driven, driver: { connect: async () => undefined, drive, close: async () => undefined } };
}

/** Batches of four tasks take 10 ms: 400 a second. */
function contextOf(load: LoadPlan, driver: GroupContext['driver'], wallMs: Script['wallMs'] = () => 10): GroupContext {
  const task = groupTaskOf({ blocks: 2, wallMs: () => 10 });
  const startBatches = scriptedHosts({ wallMs });
  return {
    ...task,
    group: { ...task.group, load },
    driver,
    startHost: async (options) => ({
      ...(await startBatches(options)),
      listen: async () => ({ kind: 'listening', port: 1, isNice: true }),
      accept: async () => ({ kind: 'accepting' }),
      finish: async () => ({ kind: 'finished', costs: COSTS }),
    }),
  };
}

const PLAN: LoadPlan = {
  arrivals: { kind: 'poisson' },
  requests: 40,
  settling: 10,
  stricterFifo: true,
  keepsRequests: false,
  via: 'http',
  connections: 4,
  probePerSecond: 20,
};

const ALONE = 15;

/** Tasks of its batches run for so long. */
function running(context: GroupContext, p50: number): GroupContext {
  return {
    ...context,
    startHost: async (options) => {
      const host = await context.startHost(options);
      const measure = async (looks?: boolean) => {
        const measured = await host.measure(looks);
        return { ...measured, reading: { ...measured.reading, runningMs: { p50, p99: p50 } } };
      };
      return { ...host, measure };
    },
  };
}

const NO_LATENCY = { p50: 0, p90: 0, p95: 0, p99: 0, max: 0 };

describe('what a configuration can do over HTTP', () => {
  it('is what a batch does, if requests take little', async () => {
    const { driver } = answersOf(390);
    const rated = await rateGroup(contextOf(PLAN, driver));
    expect(rated?.aloneMs).toBe(5);
    expect(rated?.capacity).toBeCloseTo(400, 6);
  });

  it('is judged by the tasks of a batch, if all that came alone threw', async () => {
    const { driver } = answersOf(390);
    const context = contextOf(PLAN, {
      ...driver,
      drive: async (server, assignment) => {
        const driven = await driver.drive(server, assignment);
        const isAlone = assignment.window.dueMs.length === ALONE;
        return isAlone ? { ...driven, reading: { ...driven.reading, done: 0, latencyMs: NO_LATENCY } } : driven;
      },
    });
    expect((await rateGroup(running(context, 7)))?.aloneMs).toBe(7);
  });

  it('is tried again where so few tasks took much longer alone than in a batch, and the least counts', async () => {
    const aloneOf = async (...latenciesMs: readonly number[]) => {
      const { driver, driven } = answersOf(390);
      const times = latenciesMs.values();
      const context = contextOf(PLAN, {
        ...driver,
        drive: async (server, assignment) => {
          const done = await driver.drive(server, assignment);
          if (assignment.window.dueMs.length !== ALONE) return done;
          const p50 = times.next().value ?? 0;
          return { ...done, reading: { ...done.reading, latencyMs: { ...NO_LATENCY, p50 } } };
        },
      });
      const rated = await rateGroup(running(context, 5));
      return [rated?.aloneMs, driven.filter(({ window }) => window.dueMs.length === ALONE).length];
    };
    // The second configuration needs one window.
    expect(await aloneOf(10)).toEqual([10, 1 + 1]);
    expect(await aloneOf(57, 6)).toEqual([6, 2 + 1]);
    expect(await aloneOf(57, 40, 50)).toEqual([40, 3 + 1]);
  });

  it('is what requests at once reach, if a batch is slower: it ends with idle workers, and may be disturbed', async () => {
    const { driver } = answersOf(500);
    const rated = await rateGroup(contextOf(PLAN, driver));
    expect(rated?.capacity).toBeCloseTo(500, 6);
    const disturbed = await rateGroup(contextOf(PLAN, driver, () => 25));
    expect(disturbed?.capacity).toBeCloseTo(500, 6);
  });

  it('is what its server answers when all are there at once, if that is much less', async () => {
    const { driver, driven } = answersOf(100);
    const rated = await rateGroup(contextOf(PLAN, driver));
    expect(rated?.capacity).toBeCloseTo(100, 6);
    const atOnce = driven.find(({ window }) => window.dueMs.at(-1) === 0);
    // In half a second a batch does 200; without pings, which would be among them.
    expect(atOnce).toMatchObject({ probesDueMs: [], window: { mostUnfinished: 800 } });
    expect(atOnce?.window.dueMs).toHaveLength(200);
  });

  it('is what a warm server answers', async () => {
    const { driver, driven } = answersOf(500, 700);
    const rated = await rateGroup(contextOf(PLAN, driver));
    expect(rated?.capacity).toBeCloseTo(700, 6);
    expect(driven.map(({ probesDueMs }) => probesDueMs)).toEqual(driven.map(() => []));
  });

  it('does not depend on how long somebody waits for a task', async () => {
    const { driver, driven } = answersOf(100);
    await rateGroup(contextOf({ ...PLAN, giveUpMs: 20 }, driver));
    const atOnce = driven.filter(({ window }) => window.dueMs.at(-1) === 0);
    expect(atOnce.map(({ window }) => window.giveUpMs)).toEqual(atOnce.map(() => undefined));
  });

  it('sends nothing more after an interruption, since nobody would read the answers', async () => {
    const abort = new AbortController();
    const { driver, driven } = answersOf(100);
    const interrupted = {
      ...driver,
      drive: async (...asked: Parameters<typeof driver.drive>): Promise<Driven> => {
        abort.abort();
        return driver.drive(...asked);
      },
    };
    expect(await rateGroup({ ...contextOf(PLAN, interrupted), signal: abort.signal })).toBeUndefined();
    expect(driven).toHaveLength(1);
  });
});
