import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createDriver, secretPath, type Driver } from '../../dist/src/measure/driver.js';
import { openRequestServer } from '../../dist/workers/request-server.js';
import type { DriveAssignment } from '../../dist/src/drive/drive-protocol.js';
import { pause } from '../../workers/clock.ts';
import { served } from '../support/served.js';

let driver: Driver | undefined;
afterEach(async () => {
  await driver?.close();
});

/** A window of one request every 10 ms. */
function driveOf(requests: number): DriveAssignment {
  const dueMs = Array.from({ length: requests }, (_, index) => index * 10);
  return {
    window: {
      rate: 100,
      dueMs,
      inputs: dueMs.map(() => 0),
      settling: 0,
      objectiveMs: 100,
      quantile: 0.99,
      mostUnfinished: 1000,
      keepsRequests: false,
    },
    tasks: 1,
    laneKind: 'main',
    isPoisson: false,
    probesDueMs: [],
    seed: 1,
  };
}

async function connect(drive: DriveAssignment) {
  const path = secretPath();
  const { port, hold } = await openRequestServer(path, (task) => served(task, 2));
  hold(drive.window.dueMs.map((_, index) => ({ index, input: 0, traced: false, verified: false })));
  const server = { port, path, connections: 4 };
  driver = createDriver();
  await driver.connect(server, 1);
  return { driver, server };
}

/** The driver of this process. */
function driverPid(): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const [, parent = ''] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8')) ?? [];
      const isDriver = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('workers/driver.cjs');
      if (Number(parent) === process.pid && isDriver) return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error('there is no driver');
}

describe('the driver', () => {
  it('sends the requests of a window from a process of its own', async () => {
    const drive = driveOf(20);
    const { driver: opened, server } = await connect(drive);
    const driven = await opened.drive(server, drive, 30_000);
    expect(driven?.reading).toMatchObject({ offered: 20, sent: 20, done: 20 });
    expect(driven?.driver.sockets).toBeGreaterThanOrEqual(4);
    expect(driven?.cpuMs).toBeGreaterThan(0);
  });

  it.runIf(process.platform === 'linux')('is always refused if it is stopped in a window', async () => {
    const drive = driveOf(100);
    const { driver: opened, server } = await connect(drive);
    const driving = opened.drive(server, drive, 30_000);
    await pause(300);
    const pid = driverPid();
    process.kill(pid, 'SIGSTOP');
    await pause(200);
    process.kill(pid, 'SIGCONT');
    const driven = await driving;
    expect(driven?.driver.limits).toContain('late');
    expect(driven?.driver.limits).toContain('reads-late');
    expect(driven?.reading.state).toBe('driver-limited');
  });

  it.runIf(process.platform === 'linux')('counts the time of a stopped server as latency', async () => {
    // A server in a process of its own, which is stopped for 300 ms.
    const source = `
      import { openRequestServer } from ${JSON.stringify(new URL('../../dist/workers/request-server.js', import.meta.url).href)};
      const now = () => Number(process.hrtime.bigint());
      const { port, hold } = await openRequestServer('/secret', async ({ index }) => {
        const at = now();
        return { index, submittedNs: at, receivedNs: at,
          reply: { status: 'ok', lane: 0, startedNs: at, finishedNs: at, digestedNs: at, digest: null, output: 1 } };
      });
      hold(Array.from({ length: 100 }, (_, index) => ({ index, input: 0, traced: false, verified: false })));
      process.stdout.write(String(port));`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const [port] = (await once(child.stdout, 'data')) as [Buffer];
      const server = { port: Number(String(port)), path: '/secret', connections: 4 };
      driver = createDriver();
      await driver.connect(server, 1);
      const driving = driver.drive(server, driveOf(100), 30_000);
      await pause(300);
      child.kill('SIGSTOP');
      await pause(300);
      child.kill('SIGCONT');
      const driven = await driving;
      expect(driven?.reading).toMatchObject({ sent: 100, done: 100 });
      // Requests every 10 ms: some fell due soon after the stop began.
      expect(driven?.reading.latencyMs.max).toBeGreaterThan(250);
      expect(driven?.reading.parts.accept.p99).toBeGreaterThan(200);
      expect(driven?.driver.limits).not.toContain('unsent');
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('that is not done in time is given up, and the next window gets another one', async () => {
    const slow = driveOf(100);
    const { driver: opened, server } = await connect(slow);
    expect(await opened.drive(server, slow, 50)).toBeUndefined();
    const { driver: again, server: other } = await connect(driveOf(5));
    expect((await again.drive(other, driveOf(5), 30_000))?.reading.done).toBe(5);
    await opened.close();
  });

  it.runIf(process.platform === 'linux')('that is killed fails the configuration with a reason', async () => {
    const drive = driveOf(200);
    const { driver: opened, server } = await connect(drive);
    const driving = opened.drive(server, drive, 30_000);
    await pause(200);
    process.kill(driverPid(), 'SIGKILL');
    await expect(driving).rejects.toThrow('the process that sends the requests: the process ended with signal SIGKILL');
  });

  it('asks for paths that nobody can guess', () => {
    expect(secretPath()).toMatch(/^\/[0-9a-f]{32}$/);
    expect(secretPath()).not.toBe(secretPath());
  });
});
