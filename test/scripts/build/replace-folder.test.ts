import {
  accessSync,
  chmodSync,
  constants,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { replaceFolder } from '../../../scripts/build/replace-folder.ts';
import { useTempFolder } from '../../support/temp-folder.js';

const folder = useTempFolder();

function write(root: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder.path, root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

function read(root: string): Readonly<Record<string, string>> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(root, name)).isFile(),
  );
  return Object.fromEntries(
    files.toSorted().map((name) => [name.replaceAll('\\', '/'), readFileSync(join(root, name), 'utf8')]),
  );
}

it.skipIf(process.platform === 'win32')('the built command is executable, so that npx runs it after any build', () => {
  const main = fileURLToPath(new URL('../../../dist/src/cli/main.js', import.meta.url));
  expect(() => accessSync(main, constants.X_OK)).not.toThrow();
});

it('a replaced folder has the new files and no others', () => {
  const dist = write('dist', { 'a.js': '1', 'sub/b.js': '2', 'gone/c.js': '3' });
  replaceFolder(write('next', { 'a.js': 'one', 'sub/b.js': '2', 'new/deep/d.js': '4' }), dist);
  expect(read(dist)).toEqual({ 'a.js': 'one', 'sub/b.js': '2', 'new/deep/d.js': '4' });
  expect(readdirSync(dist).toSorted()).toEqual(['a.js', 'new', 'sub']);
  expect(readdirSync(folder.path)).not.toContain('next');
});

it('a build does not touch unchanged files', () => {
  const dist = write('same', { 'a.js': '1' });
  const { ino, mtimeMs } = statSync(join(dist, 'a.js'));
  replaceFolder(write('next', { 'a.js': '1' }), dist);
  expect(statSync(join(dist, 'a.js'))).toMatchObject({ ino, mtimeMs });
});

it('a file replaces a folder of the same name, and a folder a file', () => {
  const dist = write('kinds', { 'a/b.js': '1', c: '2' });
  replaceFolder(write('next', { a: 'file', 'c/d.js': '3' }), dist);
  expect(read(dist)).toEqual({ a: 'file', 'c/d.js': '3' });
});

it.skipIf(process.platform === 'win32')('a file that only became executable is replaced', () => {
  const dist = write('modes', { 'a.js': '1' });
  const next = write('next', { 'a.js': '1' });
  chmodSync(join(next, 'a.js'), 0o755);
  replaceFolder(next, dist);
  expect(statSync(join(dist, 'a.js')).mode & 0o100).toBe(0o100);
});
