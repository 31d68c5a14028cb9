import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { takeFolder } from '../../dist/src/session/folder-lock.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const MODULE = new URL('../../dist/src/session/folder-lock.js', import.meta.url).href;
const fresh = (): Promise<string> => mkdtemp(join(folder.path, 'report-'));

/** A process that locks a folder, prints the result, and keeps the lock. */
async function takeElsewhere(path: string): Promise<{ readonly output: string; readonly end: () => Promise<void> }> {
  const code = `
    const { takeFolder } = await import(${JSON.stringify(MODULE)});
    await takeFolder(${JSON.stringify(path)}).then(() => console.log('taken'), ({ message }) => console.log(message));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [data] = (await once(child.stdout, 'data')) as [Buffer];
  const end = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { output: String(data).trim(), end };
}

it('a report folder is locked by one process, through any path to it, and released', async () => {
  const path = await fresh();
  const link = `${path}-link`;
  await symlink(path, link, 'junction');
  const release = await takeFolder(path);
  expect(await readdir(path)).toEqual(['lanewise.lock']);
  const other = await takeElsewhere(link);
  expect(other.output).toMatch(
    new RegExp(
      `^Another Lanewise is writing to .*-link \\(process ${process.pid}, since .*\\): give another folder with --out\\.$`,
    ),
  );
  await other.end();
  release();
  expect(await readdir(path)).toEqual([]);
});

it.skipIf(process.platform === 'win32')('the lock file of a report folder is readable by the user only', async () => {
  const path = await fresh();
  const release = await takeFolder(path);
  expect((await stat(join(path, 'lanewise.lock'))).mode & 0o777).toBe(0o600);
  release();
});

it('the lock of a killed process goes to exactly one of the processes that ask at once', async () => {
  const path = await fresh();
  const killed = await takeElsewhere(path);
  expect(killed.output).toBe('taken');
  await killed.end();
  const others = await Promise.all([1, 2, 3, 4].map(() => takeElsewhere(path)));
  expect(others.filter(({ output }) => output === 'taken')).toHaveLength(1);
  expect(others.filter(({ output }) => output.startsWith('Another Lanewise is writing to'))).toHaveLength(3);
  await Promise.all(others.map(({ end }) => end()));
});

interface Claim {
  pid: number;
  since: string;
  machine: string;
  boot: string | null;
  namespace: string | null;
  started: string | null;
}

async function claimOf(change: Partial<Claim>): Promise<string> {
  const path = await fresh();
  const release = await takeFolder(path);
  const text = await readFile(join(path, 'lanewise.lock'), 'utf8');
  release();
  await writeFile(join(path, 'lanewise.lock'), JSON.stringify({ ...(JSON.parse(text) as Claim), ...change }));
  return path;
}

it.each<[string, Partial<Claim>]>([
  ['of a process that has ended', { pid: 2 ** 22 + 1 }],
  ['from before a reboot', { boot: 'another' }],
  ['of an earlier process with a reused pid', process.platform === 'linux' ? { started: '1' } : { pid: 2 ** 22 + 1 }],
])('a claim %s is stale', async (_name, change) => {
  const path = await claimOf(change);
  (await takeFolder(path))();
  expect(await readdir(path)).toEqual([]);
});

it.each([
  ['another machine', { machine: 'another' }],
  ['another container', { namespace: 'pid:[1]' }],
])('a claim from %s counts as held, and the error names a remedy', async (_name, change) => {
  const path = await claimOf({ ...change, pid: 2 ** 22 + 1, since: '2026-01-01 (\u202eevil)' });
  await expect(takeFolder(path)).rejects.toThrow(
    /from another machine or container \(process 4194305, since 2026-01-01T[\d:.]+Z\)\. Give another folder with --out, or remove .*lanewise\.lock if it has ended\.$/,
  );
});

it.each([
  ['another file', (path: string) => writeFile(path, 'mine')],
  ['a link', (path: string) => symlink('elsewhere', path)],
  ['a folder', (path: string) => mkdir(path)],
])('%s in place of the lock file is not overwritten', async (_name, make) => {
  const path = await fresh();
  await make(join(path, 'lanewise.lock'));
  await expect(takeFolder(path)).rejects.toThrow(/lanewise\.lock/);
  expect(await readdir(path)).toEqual(['lanewise.lock']);
});
