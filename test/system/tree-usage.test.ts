import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { processesOf, usageOfTree } from '../../dist/src/system/tree-usage.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
/** Used up to this much may not be counted yet. */
const TICK_MS = 10;
const WORKS = `
const until = performance.now() + 100;
while (performance.now() < until);
const { user, system } = process.cpuUsage();
process.send((user + system) / 1000);
process.on('message', () => process.exit());`;

it.skipIf(process.platform !== 'linux')(
  'counts what a process uses that this one has started, even once it has ended',
  async () => {
    const file = join(folder.path, 'works.cjs');
    writeFileSync(file, WORKS);
    const before = usageOfTree(process.pid)?.cpuMs ?? Number.NaN;
    const child = fork(file);
    const [usedMs] = (await once(child, 'message')) as [number];
    expect(processesOf(process.pid)).toContain(child.pid);
    expect((usageOfTree(process.pid)?.cpuMs ?? 0) - before).toBeGreaterThan(usedMs - TICK_MS);
    child.send('end');
    await once(child, 'exit');
    expect(processesOf(process.pid)).not.toContain(child.pid);
    expect((usageOfTree(process.pid)?.cpuMs ?? 0) - before).toBeGreaterThan(usedMs - 2 * TICK_MS);
  },
);
