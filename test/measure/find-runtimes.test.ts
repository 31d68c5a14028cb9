import { chmod } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findRuntimes } from '../../dist/src/measure/find-runtimes.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const HERE = { node: process.version, v8: process.versions.v8 };
const MAJOR = process.version.slice(1).split('.')[0];
const find = (nodes: readonly string[], nodeOptions: readonly string[] = []) => findRuntimes({ nodes, nodeOptions });
const labels = async (...asked: Parameters<typeof find>) => (await find(...asked)).map(({ label }) => label);

/** A program that answers as a Node of this version would. */
async function pretended(version: string, name = 'node'): Promise<string> {
  const answer = JSON.stringify(JSON.stringify([version, '1.2', name]));
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
    ['./missing-node', './missing-node cannot be used: there is no such program.'],
    [import.meta.filename, 'cannot be used: it is not executable.'],
  ])('is refused in a sentence if it cannot be started: %s', async (path, sentence) => {
    await expect(find([path])).rejects.toThrow(sentence);
  });

  it('is refused with the flag that it does not know', async () => {
    await expect(find([], ['--no-such-flag'])).rejects.toThrow(/with --no-such-flag cannot be used: .*bad option/);
  });

  it.skipIf(process.platform === 'win32')('is refused if it is too old, or no Node', async () => {
    await expect(find([await pretended('v20.18.3')])).rejects.toThrow(
      'is Node v20.18.3, and Lanewise needs 20.19 or later to measure with.',
    );
    await expect(find([await pretended('v99.0.0', 'other')])).rejects.toThrow('is not Node');
    await expect(find(['/bin/echo'])).rejects.toThrow('/bin/echo is not Node');
  });

  it.skipIf(process.platform === 'win32')('tells versions apart, as far as it must', async () => {
    const [one, other, another] = [await pretended('v30.1.0'), await pretended('v30.2.0'), await pretended('v31.0.0')];
    expect(await labels([one, other, another])).toEqual(['node30.1.0', 'node30.2.0', 'node31']);
  });
});
