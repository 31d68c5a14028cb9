import { existsSync } from 'node:fs';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ProfileEvent } from '../../dist/src/measure/events.js';
import { fileName, openCpuProfiles } from '../../dist/src/session/cpu-profiles.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const MAIN = { kind: 'main', index: 0 } as const;
const content = { nodes: [{ id: 1, callFrame: { functionName: '(root)', url: '' } }], startTime: 0, endTime: 1 };
const eventOf = (cell: string): ProfileEvent => ({ kind: 'profile', cell, files: [{ lane: MAIN, content }] });
const neverLost = (reason: string): never => {
  throw new Error(reason);
};

it('a file of a profile is named after its configuration and worker, whatever the id holds', () => {
  expect(fileName('primes/worker-threads@2', { kind: 'thread', index: 0 })).toBe(
    'primes-worker-threads@2-thread-1.cpuprofile',
  );
  const ids = [
    'a[x="../../b"]/event-loop',
    'a[x="..\\..\\b"]/event-loop',
    `a[x=${'y'.repeat(300)}]/event-loop`,
    '../a',
  ];
  const names = ids.map((id) => fileName(id, MAIN));
  expect(new Set(names).size).toBe(ids.length);
  for (const name of names) expect(name).toMatch(/^[\w@=.,#-]{1,160}-main\.cpuprofile$/);
  for (const name of names) expect(name).not.toMatch(/^\./);
});

it('a profile is written as it was recorded, with a mark, and a later run replaces those of an earlier one', async () => {
  const first = openCpuProfiles(folder.path, false, neverLost);
  first.write(eventOf('work/event-loop'));
  first.write(eventOf('work/event-loop'));
  expect(first.count()).toBe(1);
  const path = join(folder.path, 'cpu-profiles');
  const text = await readFile(join(path, 'work-event-loop-main.cpuprofile'), 'utf8');
  expect(JSON.parse(text)).toEqual({ ...content, lanewise: { cell: 'work/event-loop', lane: MAIN } });
  openCpuProfiles(folder.path, true, neverLost).write(eventOf('work/sequential'));
  expect((await readdir(path)).length).toBe(2);
  openCpuProfiles(folder.path, false, neverLost).write(eventOf('other/sequential'));
  expect(await readdir(path)).toEqual(['other-sequential-main.cpuprofile']);
});

it('a file that Lanewise did not write stays, and the run goes on without profiles', async () => {
  const path = join(folder.path, 'cpu-profiles', 'mine.cpuprofile');
  await writeFile(path, '{"nodes":[]}');
  const reasons: string[] = [];
  const files = openCpuProfiles(folder.path, false, (reason) => reasons.push(reason));
  files.write(eventOf('work/event-loop'));
  expect([reasons.length, files.count(), existsSync(path)]).toEqual([1, 0, true]);
});
