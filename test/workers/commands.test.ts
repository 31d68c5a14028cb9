import { spawnSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { startHost } from '../../dist/src/measure/host.js';
import { commandTimes } from '../../dist/workers/commands.js';
import { sumUsage, usageSince } from '../../dist/workers/usage.js';
import { assignmentOf } from '../support/host-assignment.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
/** Uses this many milliseconds of CPU time, however busy the machine is, and prints the time used. */
const burn = (ms: number): string[] => [
  '-e',
  `while (process.cpuUsage().user + process.cpuUsage().system < ${ms * 1000}); console.log('done'); setInterval(() => 0, 1000)`,
];
const burnAndEnd = (ms: number): string[] => [
  '-e',
  `while (process.cpuUsage().user + process.cpuUsage().system < ${ms * 1000});`,
];
const cpuMs = (): number => commandTimes()?.cpuMs ?? Number.NaN;

describe.skipIf(process.platform !== 'linux')('CPU time of the programs that a process starts', () => {
  it('is read after they have ended', () => {
    const before = cpuMs();
    spawnSync(process.execPath, burnAndEnd(200));
    // Exact to one tick of 10 ms each for user and system time.
    expect(cpuMs() - before).toBeGreaterThanOrEqual(180);
  });

  it('is read while they run, including the programs that they start', async () => {
    const before = cpuMs();
    const shell = spawn('sh', ['-c', '"$0" "$@"; true', process.execPath, ...burn(200)], { detached: true });
    try {
      await once(shell.stdout, 'data');
      expect(cpuMs() - before).toBeGreaterThanOrEqual(180);
    } finally {
      if (shell.pid !== undefined) process.kill(-shell.pid, 'SIGKILL');
    }
  });
});

describe('usage between two readings', () => {
  const usage = { cpuMs: 100, systemMs: 10, commandsMs: 50 };

  it('is not negative if a program was orphaned in between', () => {
    expect(usageSince(usage, { cpuMs: 80, systemMs: 8, commandsMs: 0 })).toEqual({
      cpuMs: 30,
      systemMs: 0,
      commandsMs: 0,
    });
  });

  it('has no time of programs if one of the processes does not report it', () => {
    expect(sumUsage([usage, { cpuMs: 1, systemMs: 1 }])).toEqual({ cpuMs: 101, systemMs: 11 });
  });
});

describe.skipIf(process.platform !== 'linux')('a batch whose tasks start programs', () => {
  const CONVERT = `
    import { execFile } from 'node:child_process';
    import { promisify } from 'node:util';
    export default async (args) => { await promisify(execFile)(process.execPath, args); };`;

  async function measured(strategy: string, inputs: readonly unknown[], source = CONVERT) {
    const host = await startHost({ timeoutMs: 60_000, startTimeoutMs: 60_000, env: {} });
    try {
      const of = { strategy, concurrency: 2, tasks: 2, loadsWorkload: false, rounds: 1, inputs };
      await host.open(assignmentOf(await folder.module(source), of));
      await host.warm(1);
      return (await host.measure()).reading;
    } finally {
      await host.kill();
    }
  }

  it.each(['event-loop', 'worker-threads', 'child-processes', 'thread-per-task', 'process-per-task'])(
    'includes their CPU time: %s',
    async (strategy) => {
      const { cpuMs: all, commandsMs } = await measured(strategy, [burnAndEnd(150), burnAndEnd(150)]);
      expect(commandsMs).toBeGreaterThanOrEqual(260);
      // Counted once, with the time of its own processes.
      expect(commandsMs).toBeLessThan(600);
      expect(all).toBeGreaterThan(commandsMs ?? 0);
    },
  );

  it.each(['child-processes', 'process-per-task'])('does not count lanes as programs: %s', async (strategy) => {
    const spin = 'export default (ms) => { const end = Date.now() + ms; while (Date.now() < end); };';
    expect(await measured(strategy, [100, 100], spin)).not.toHaveProperty('commandsMs');
  });
});
