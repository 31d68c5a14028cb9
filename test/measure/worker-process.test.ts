import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { startHost } from '../../dist/src/measure/host.js';
import { openWorkerProcess } from '../../dist/src/measure/worker-process.js';
import type { DescribeReply, DescribeRequest } from '../../dist/workers/describe.js';
import type { HostAssignment } from '../../dist/src/host/host-protocol.js';
import { assignmentOf, type HostSettings } from '../support/host-assignment.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

async function describing(source: string) {
  const process = openWorkerProcess<DescribeRequest, DescribeReply>('describe.js', {
    isReply: (message): message is DescribeReply =>
      typeof message === 'object' && message !== null && !('kind' in message),
  });
  process.send({ kind: 'workloads', refs: [{ url: await folder.module(source) }] });
  return process;
}

describe('a worker process', () => {
  it('answers, and is gone when it has been ended', async () => {
    const process = await describing('export default { name: "x", task() {} }');
    expect(await process.next(10_000)).toMatchObject({ claims: { name: 'x' } });
    await process.end();
    await expect(process.next(1000)).rejects.toThrow('the process ended with exit code 0');
  });

  it('tells how it ended and what it said last', async () => {
    const process = await describing('console.error("Error: the disk is on fire"); process.exit(7)');
    await expect(process.next(10_000)).rejects.toThrow(
      'the process ended with exit code 7: Error: the disk is on fire',
    );
    await process.end();
  });

  it('is late when it does not answer in time, and can be killed in a loop without end', async () => {
    const process = await describing('for (;;);');
    await expect(process.next(300)).rejects.toThrow('no answer within 0.3 s');
    process.kill();
    await process.end();
  });
});

describe('a worker process that answers without end', () => {
  it('is ended when too much is unread, and says so at once to a slow reader', async () => {
    const process = await describing(`import { Socket } from 'node:net';
      const { write } = Socket.prototype;
      Socket.prototype.write = function (...args) {
        setInterval(() => { for (let sent = 0; sent < 1000; sent++) write.apply(this, args); }, 1);
        return write.apply(this, args);
      };
      export default { name: 'x', task() {} };`);
    expect(await process.next(10_000)).toMatchObject({ claims: { name: 'x' } });
    // One message in 40 ms: 700 unread ones would take it half a minute.
    const readSlowly = async (): Promise<never> => {
      for (;;) {
        await wait(40);
        await process.next(10_000);
      }
    };
    const startedAt = performance.now();
    await expect(readSlowly()).rejects.toMatchObject({
      name: 'ProtocolError',
      message: 'its process kept sending messages that nobody had requested',
    });
    expect(performance.now() - startedAt).toBeLessThan(8000);
    await process.end();
  });
});

describe('a host', () => {
  const assignment = async (source: string, settings?: HostSettings): Promise<HostAssignment> =>
    assignmentOf(await folder.module(source), settings);
  const options = { timeoutMs: 10_000, startTimeoutMs: 10_000, env: {} };

  it.each(['event-loop', 'child-processes', 'worker-threads'])(
    'sees work that is not awaited, and twice: %s',
    async (strategy) => {
      const host = await startHost(options);
      try {
        const source =
          'export default () => { setTimeout(() => { const until = performance.now() + 3; while (performance.now() < until); }, 30); };';
        await host.open(await assignment(source, { strategy, tasks: 16 }));
        await host.warm(1, true);
        // A run looks after several batches, too: on a busy machine such work may begin after the look.
        let { doubts } = await host.measure(true);
        for (let more = 0; more < 3 && doubts === undefined; more++) ({ doubts } = await host.measure(true));
        expect(doubts).toMatchObject([{ kind: 'unawaited', isEmpty: true }]);
      } finally {
        await host.kill();
      }
    },
  );

  it.each([
    { strategy: 'child-processes', atomics: 'sync' },
    { strategy: 'worker-threads', atomics: 'disabled' },
  ] as const)('sees work that delays the answer of its lane until it is done: $strategy', async (rest) => {
    const host = await startHost(options);
    try {
      // So much CPU time, however long it takes beside other programs.
      const source =
        'export default () => { setTimeout(() => { const since = process.cpuUsage(); while (process.cpuUsage(since).user < 60_000); }, 1); return 1; };';
      // All tasks at once, so that none has to wait for what another one left.
      await host.open(await assignment(source, { ...rest, poolSize: 1, concurrency: 4 }));
      await host.warm(1, true);
      expect((await host.measure(true)).doubts).toMatchObject([{ kind: 'unawaited', isEmpty: false }]);
    } finally {
      await host.kill();
    }
  });

  it('does not take the sending of large outputs for work that is left', async () => {
    const host = await startHost({ ...options, timeoutMs: 60_000 });
    try {
      await host.open(await assignment("export default () => 'x'.repeat(10e6);", { tasks: 2 }));
      await host.warm(1, true);
      expect((await host.measure(true)).doubts).toBeUndefined();
    } finally {
      await host.kill();
    }
  });

  it.each(['event-loop', 'child-processes', 'worker-threads'])(
    'does not take work that is done for work that is left: %s',
    async (strategy) => {
      const host = await startHost(options);
      try {
        await host.open(await assignment('export default () => undefined;', { strategy, tasks: 2000 }));
        await host.warm(1, true);
        expect((await host.measure(true)).doubts).toBeUndefined();
      } finally {
        await host.kill();
      }
    },
  );

  it('warms up with every other task, and remembers the outputs of both halves', async () => {
    const host = await startHost(options);
    try {
      await host.open(await assignment('export default async () => 5', { tasks: 8 }));
      const other = [null, '5', null, '5', null, '5', null, '5'];
      expect((await host.warm(1, false, 1)).digests).toEqual(other);
      expect((await host.warm(1, false, 0)).digests).toEqual(other.map(() => '5'));
      expect((await host.measure()).digests).toBeUndefined();
    } finally {
      await host.kill();
    }
  });

  it('opens a cell, warms up every lane, measures a batch per turn, traces one, and closes', async () => {
    const host = await startHost(options);
    try {
      expect(
        (
          await host.open(
            await assignment('export default async () => { await new Promise((r) => setTimeout(r, 20)); return 5 }'),
          )
        ).startupMs,
      ).toBeGreaterThan(0);
      expect(await host.warm(1)).toMatchObject({ digests: ['5', '5', '5', '5'], lanesWarmed: 2 });
      const { reading, digests } = await host.measure();
      // They are those of the warm-up, which are known.
      expect(digests).toBeUndefined();
      // Four waits of 20 ms on two lanes, one at a time on each: at most two in progress, and neither lane computing.
      expect(reading.wallMs).toBeGreaterThanOrEqual(38);
      // How far they overlap depends on the machine; that they can is in the contract of the strategies.
      expect(reading.tasksInFlight).toBeGreaterThan(0);
      expect(reading.tasksInFlight).toBeLessThanOrEqual(2);
      expect(reading.cpusUsed).toBeLessThan(1);
      expect(reading).not.toHaveProperty('disorderedStamps');
      await host.measure();
      const { slices } = await host.trace(true);
      expect(new Set(slices.map(({ lane }) => lane))).toEqual(new Set([0, 1]));
      expect(slices.some(({ kind }) => kind === 'wait')).toBe(true);
      await host.close();
    } finally {
      await host.kill();
    }
  });

  it('tells which task failed, and in which lane', async () => {
    const host = await startHost(options);
    try {
      await host.open(await assignment('export default () => { throw new TypeError("bad") }'));
      await expect(host.warm(1)).rejects.toMatchObject({
        failure: {
          task: 0,
          lane: { kind: 'process', index: expect.any(Number) },
          error: { name: 'TypeError', message: 'bad' },
        },
      });
    } finally {
      await host.kill();
    }
  });

  it('is late when its main loop is blocked for good, and had announced which task began', async () => {
    const host = await startHost({ ...options, timeoutMs: 400 });
    try {
      await host.open(
        await assignment('export default ({ length }) => { if (length > 1) for (;;); }', {
          strategy: 'event-loop',
          poolSize: 1,
          inputs: ['xx'],
        }),
      );
      await expect(host.warm(1, true)).rejects.toMatchObject({
        message: expect.stringMatching(
          /^a batch did not end within 0.4 s: raise --timeout or .* \(its event loop was blocked, or it no longer answers\)$/,
        ),
        failure: { task: 0, lane: { kind: 'main', index: 0 } },
      });
    } finally {
      await host.kill();
    }
  });

  it('tells which tasks are under way when it is late, if its main loop is free', async () => {
    const host = await startHost({ ...options, timeoutMs: 400 });
    try {
      await host.open(await assignment('export default () => { for (;;); }'));
      await expect(host.warm(1)).rejects.toThrow(/ \(tasks 1 and 2 were running\)$/);
    } finally {
      await host.kill();
    }
  });

  it('is late to open when its setup does not end, and is not said to be blocked', async () => {
    const host = await startHost({ ...options, startTimeoutMs: 1000 });
    try {
      const opening = host.open(
        await assignment('export default { setup: () => new Promise(() => undefined), task: () => 1 }'),
      );
      await expect(opening).rejects.toThrow(
        /^its workers were not ready within 1 s: the module, its `input` or its `setup` did not end, or needs a longer --start-timeout$/,
      );
    } finally {
      await host.kill();
    }
  });

  const FAULTS = {
    'ten bytes': 'writeSync(3, Buffer.from([0, 0, 0, 6, 1, 2, 3, 4, 5, 6]));',
    'less than a header, and never returns': 'writeSync(3, "x"); for (;;);',
    'a length and as much as goes in':
      'writeSync(3, Buffer.from([0x7f, 0xff, 0xff, 0xff])); for (let i = 0; i < 1000; i++) try { writeSync(3, Buffer.alloc(2 ** 20)); } catch {}',
  };

  it.each(
    ['event-loop', 'worker-threads', 'child-processes', 'thread-per-task', 'process-per-task'].flatMap((strategy) =>
      Object.entries(FAULTS).map(([what, code]) => [strategy, what, code] as const),
    ),
  )('fails with what was written to its descriptor, and nothing else does: %s, %s', async (strategy, _what, code) => {
    const host = await startHost(options);
    try {
      await host.open(
        await assignment(`import { writeSync } from 'node:fs'; export default () => { ${code} return 5; };`, {
          strategy,
          poolSize: 1,
        }),
      );
      await expect(host.warm(1, true)).rejects.toMatchObject({
        failure: {
          error: {
            name: 'ProtocolError',
            message: expect.stringMatching(
              /^(?:its process|child process 1) wrote to descriptor 3, which is Lanewise’s own/,
            ),
          },
        },
      });
    } finally {
      await host.kill();
    }
  });

  it.each(['event-loop', 'worker-threads', 'child-processes', 'process-per-task'])(
    'fails if its descriptor is closed, or becomes another file: %s',
    async (strategy) => {
      for (const code of ['closeSync(3);', 'closeSync(3); openSync(new URL(import.meta.url));']) {
        const host = await startHost(options);
        try {
          await host.open(
            await assignment(
              `import { closeSync, openSync } from 'node:fs'; export default () => { try { ${code} } catch {} return 5; };`,
              { strategy, poolSize: 1, tasks: 1 },
            ),
          );
          await expect(host.warm(1, true)).rejects.toMatchObject({
            message: expect.stringMatching(/descriptor 3, which is Lanewise’s own, was closed|closed descriptor 3|SIG/),
          });
        } finally {
          await host.kill();
        }
      }
    },
  );

  it('fails when it answers twice', async () => {
    // Whatever the workload finds in the process is patched: every answer of the host goes out two times.
    const source = `import { Socket } from 'node:net';
      const { write } = Socket.prototype;
      Socket.prototype.write = function (...args) { write.apply(this, args); return write.apply(this, args); };
      export default () => 5;`;
    const host = await startHost(options);
    try {
      await host.open(await assignment(source, { strategy: 'sequential', poolSize: 1 }));
      await expect(host.warm(1)).rejects.toMatchObject({
        failure: { error: { name: 'ProtocolError', message: expect.stringContaining('where "warmed" was due') } },
      });
    } finally {
      await host.kill();
    }
  });

  it('fails with an answer that is longer than is read, and this process does not grow with it', async () => {
    const source = "export default { experiment: async () => 'x'.repeat(100 * 2 ** 20), task: () => 1 };";
    const host = await startHost(options);
    const before = process.resourceUsage().maxRSS;
    try {
      const lesson = { url: await folder.module(source) };
      const configuration = { strategy: 'event-loop', poolSize: 1, concurrency: 1 } as const;
      await expect(host.perform({ lesson, configuration, unitMs: 1, seed: 1, services: {} }, 20_000)).rejects.toThrow(
        /^its process sent a message of 1\d\d MiB, but at most 64 MiB are read from it$/,
      );
    } finally {
      await host.kill();
    }
    expect((process.resourceUsage().maxRSS - before) / 1024).toBeLessThan(50);
  });

  it('has no channel that a workload finds', async () => {
    const source = `export default () => {
      process.emit('message', { kind: 'inquire' });
      process.disconnect();
      return [typeof process.send, process.connected, process.channel, Object.keys(process.env).filter((name) => name.startsWith('LANEWISE_PIPE'))].join();
    };`;
    const host = await startHost(options);
    try {
      await host.open(await assignment(source, { strategy: 'sequential', poolSize: 1, tasks: 1 }));
      expect(await host.warm(1)).toMatchObject({ digests: ['"undefined,,,"'] });
      expect(await host.close()).toMatchObject({ kind: 'closed' });
    } finally {
      await host.kill();
    }
  });
});
