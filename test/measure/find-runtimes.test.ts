import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { findRuntimes } from '../../dist/src/measure/find-runtimes.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const HERE = { name: 'node', version: process.versions.node, v8: process.versions.v8 };
const MAJOR = process.version.slice(1).split('.')[0];
const find = (runtimes: readonly string[], nodeOptions: readonly string[] = []) =>
  findRuntimes({ runtimes, nodeOptions });
const labels = async (...asked: Parameters<typeof find>) => (await find(...asked)).map(({ label }) => label);

/** A program that answers as a runtime of this version would. */
async function pretended(version: string, name = 'node'): Promise<string> {
  const answer = JSON.stringify(JSON.stringify({ name, version, v8: '1.2' }));
  const path = await folder.file(`${name}-${version}`, `#!${process.execPath}\nconsole.log(${answer});\n`);
  await chmod(path, 0o755);
  return path;
}

describe('what hosts run on', () => {
  it('is nothing special if nothing was asked for', async () => {
    expect(await find([])).toEqual([]);
  });

  it('is asked what it is, and gets a label where there is a choice', async () => {
    expect(await find([process.execPath])).toEqual([
      { ...HERE, execPath: process.execPath, flags: [], label: `node${MAJOR}` },
    ]);
    // A single set of flags is no choice.
    expect(await find([], ['--no-opt  --max-semi-space-size=64'])).toEqual([
      { ...HERE, execPath: process.execPath, flags: ['--no-opt', '--max-semi-space-size=64'] },
    ]);
    expect(await labels([], ['', '--max-old-space-size=64 --no-opt'])).toEqual([
      'no-flags',
      '--max-old-space-size=64+--no-opt',
    ]);
    expect(await labels([process.execPath], ['', '--no-opt'])).toEqual([
      `node${MAJOR}~no-flags`,
      `node${MAJOR}~--no-opt`,
    ]);
    // A cell's id has one slash, before its strategy.
    expect((await labels([], ['', '--title=a/b']))[1]).toBe('--title=a_b');
  });

  it.each([
    [
      './missing-node',
      './missing-node cannot be used: there is no such program. Give its path, as node_modules/node24/bin/node',
    ],
    [import.meta.filename, 'cannot be used: it is not executable.'],
    [import.meta.dirname, 'cannot be used: it is a folder. Give the path of the program in it, as bin/node.'],
  ])('is refused in a sentence if it cannot be started: %s', async (path, sentence) => {
    await expect(find([path])).rejects.toThrow(sentence);
  });

  it('is refused with the flag that it does not know', async () => {
    await expect(find([], ['--no-such-flag'])).rejects.toThrow(
      /with --no-such-flag cannot be used: bad option: --no-such-flag\.$/,
    );
    await expect(find([], ['max-old-space-size=64'])).rejects.toThrow(
      'Invalid --node-option "max-old-space-size=64": expected flags of Node',
    );
  });

  it.skipIf(process.platform === 'win32')('is refused if it is too old, or none of the three', async () => {
    await expect(find([await pretended('20.18.3')])).rejects.toThrow(
      'is Node 20.18.3, and Lanewise needs 20.19 or later to measure with.',
    );
    await expect(find([await pretended('99.0.0', 'other')])).rejects.toThrow('is not Node, Bun or Deno');
    await expect(find(['/bin/echo'])).rejects.toThrow('/bin/echo is not Node, Bun or Deno');
  });

  it.skipIf(process.platform === 'win32')('tells versions apart, as far as it must', async () => {
    const [one, other, another] = [await pretended('30.1.0'), await pretended('30.2.0'), await pretended('31.0.0')];
    expect(await labels([one, other, another])).toEqual(['node30.1.0', 'node30.2.0', 'node31']);
  });

  it.skipIf(process.platform === 'win32')(
    'is named as what it is, with the minor version of Bun and Deno',
    async () => {
      const all = [await pretended('1.4.5', 'bun'), await pretended('2.9.6', 'deno'), process.execPath];
      expect(await labels(all)).toEqual(['bun1.4', 'deno2.9', `node${MAJOR}`]);
      expect((await find(all)).map(({ name }) => name)).toEqual(['bun', 'deno', 'node']);
    },
  );

  it.skipIf(process.platform === 'win32')('gets flags of Node only if it is Node', async () => {
    const bun = await pretended('1.4.5', 'bun');
    expect(await labels([bun, process.execPath], ['', '--no-opt'])).toEqual([
      'bun1.4',
      `node${MAJOR}~no-flags`,
      `node${MAJOR}~--no-opt`,
    ]);
    await expect(find([bun], ['--no-opt'])).rejects.toThrow('Invalid --node-option: no Node is among the runtimes.');
  });

  it.skipIf(process.platform === 'win32')('is looked for in node_modules/.bin, too', async () => {
    const bun = await pretended('1.4.5', 'bun');
    await mkdir(join(bun, '..', 'node_modules', '.bin'), { recursive: true });
    await symlink(bun, join(bun, '..', 'node_modules', '.bin', 'a-bun-of-this-project'));
    vi.spyOn(process, 'cwd').mockReturnValue(join(bun, '..'));
    expect(await labels(['a-bun-of-this-project'])).toEqual(['bun1.4']);
    vi.restoreAllMocks();
  });
});
