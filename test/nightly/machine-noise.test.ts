/** The noise of a machine that has joined a run: here, another process of this one, with a CPU of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Results } from '../../dist/src/index.js';
import { allowedCpus } from '../../dist/src/measure/cgroup.js';
import { onPath } from '../../dist/src/queue/on-path.js';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import { useMachines } from '../support/machines.js';
import { useTempFolder } from '../support/temp-folder.js';

const LEAST = '-n 4 -p 1 -c 1 --blocks 7 --rounds 1 --preset quick --no-lock --out out'.split(' ');
const SPIN = 'for (;;);';

const folder = useTempFolder();
const server = await startQueueServer('redis').catch(() => undefined);
const start = useMachines(folder);
afterAll(() => server?.close());

const [ours, theirs] = allowedCpus() ?? [];
it.skipIf(server === undefined || onPath('taskset') === undefined || theirs === undefined)(
  'each block tells what others did on a machine with CPUs of its own',
  async () => {
    for (const machine of ['a', 'b']) {
      mkdirSync(join(folder.path, machine));
      writeFileSync(join(folder.path, machine, 'task.mjs'), 'export default (n) => n * n;');
    }
    const on = (cpu: number | undefined): readonly string[] => ['taskset', '--cpu-list', String(cpu)];
    const env = { LANEWISE_QUEUE_URL: server?.url ?? '', LANEWISE_ALLOW_BUSY: '1' };
    const args = ['run', './task.mjs', '--input', '3', '-s', 'event-loop,bullmq', '--machines', '1', ...LEAST];
    const run = start(args, { machine: 'a', env, within: on(ours) });
    const address = await run.says(/worker --join '(\S*#\S+)'/);
    start(['worker', '--join', address], { machine: 'b', env, within: on(theirs) });
    const neighbor = spawn('taskset', [...on(theirs).slice(1), process.execPath, '-e', SPIN]);
    try {
      expect((await run.outcome).status).toBe(0);
    } finally {
      neighbor.kill('SIGKILL');
    }
    const {
      cells,
      noise = [],
      options,
    } = JSON.parse(readFileSync(join(folder.path, 'a/out/results.json'), 'utf8')) as Results;
    expect(options.queue?.joined).toEqual([expect.not.objectContaining({ sharesCpus: true })]);
    const others = noise.flatMap(({ blocks }) => blocks.flatMap(({ machines = [] }) => machines));
    expect(others.length).toBeGreaterThanOrEqual(7);
    for (const { name, cpus, otherCores } of others) {
      expect([name, cpus]).toEqual(['b', 1]);
      expect(otherCores).toBeGreaterThan(0.3);
    }
    // What was used there is part of what both used.
    const spread = cells.at(-1);
    if (spread?.status !== 'ok') throw new Error('it failed');
    expect(spread.samples.every(({ elsewhereMs = 0, cpuMs }) => elsewhereMs > 0 && elsewhereMs < cpuMs)).toBe(true);
  },
);
