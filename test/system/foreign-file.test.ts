import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, symlinkSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { isFolder, parseJson, readForeign } from '../../dist/src/system/foreign-file.js';
import { useTempFolder } from '../support/temp-folder.js';

const REMEDY = 'Give another.';
const MIB = 2 ** 20;
const folder = useTempFolder();
const isPosix = process.platform !== 'win32';

/** So many bytes, of which a disk holds none. */
function sparse(name: string, bytes: number): string {
  const path = join(folder.path, name);
  const descriptor = openSync(path, 'w');
  ftruncateSync(descriptor, bytes);
  closeSync(descriptor);
  return path;
}

describe('a file from elsewhere', () => {
  it('is read as it is, and unpacked if it is packed', async () => {
    expect(readForeign(await folder.file('plain', 'some text'), REMEDY).toString()).toBe('some text');
    const packed = join(folder.path, 'packed.gz');
    await writeFile(packed, gzipSync('some text'));
    expect(readForeign(packed, REMEDY).toString()).toBe('some text');
    expect(readForeign(await folder.file('empty', ''), REMEDY)).toHaveLength(0);
  });

  it('is refused in a sentence if there is none, it is a folder, or it is damaged', async () => {
    const missing = join(folder.path, 'missing');
    expect(() => readForeign(missing, REMEDY)).toThrow(`Cannot read ${missing}: there is no such file. Give another.`);
    expect(() => readForeign(folder.path, REMEDY)).toThrow(': it is a folder. Give another.');
    const cut = join(folder.path, 'cut.gz');
    await writeFile(cut, gzipSync('some text').subarray(0, 15));
    expect(() => readForeign(cut, REMEDY)).toThrow(': it is packed and was cut off. Give another.');
  });

  it('has at most 256 MiB, and unpacks to no more', async () => {
    expect(() => readForeign(sparse('large', 256 * MIB + 1), REMEDY)).toThrow('large: it is larger than 256 MiB.');
    const bomb = join(folder.path, 'bomb.gz');
    await writeFile(bomb, gzipSync(Buffer.alloc(257 * MIB), { level: 1 }));
    expect(() => readForeign(bomb, REMEDY)).toThrow('bomb.gz: it unpacks to more than 256 MiB.');
  });

  it.runIf(isPosix)('is no device and no pipe in a folder, also behind a link', () => {
    const pipe = join(folder.path, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    const link = join(folder.path, 'link');
    symlinkSync(pipe, link);
    for (const path of ['/dev/zero', '/dev/null', pipe, link])
      expect(() => readForeign(path, REMEDY), path).toThrow('it is no regular file. Give another.');
  });

  it.runIf(process.platform === 'linux')('may say that it is empty and have something in it, as those of /proc', () => {
    expect(readForeign('/proc/self/status', REMEDY).toString()).toContain('Pid:');
  });

  it.runIf(isPosix)('may be what is piped to the process', () => {
    const program = `import { readForeign } from ${JSON.stringify(new URL('../../dist/src/system/foreign-file.js', import.meta.url).href)};
      process.stdout.write(readForeign('/dev/stdin', '').toString());`;
    const read = execFileSync('sh', [
      '-c',
      `printf piped | "$0" --input-type=module -e "$1"`,
      process.execPath,
      program,
    ]);
    expect(read.toString()).toBe('piped');
  });
});

describe('a text as JSON', () => {
  it('is its value, or a problem that quotes nothing of it', () => {
    expect(parseJson('{"a": [1, "]\\"[{"]}')).toEqual({ value: { a: [1, ']"[{'] } });
    expect(parseJson('root:*:20000::::::')).toEqual({ problem: 'is not JSON, or was cut off' });
    for (const text of ['{"secret": "x", !', '["secret', 'secret', '{secret: 1}', '{"a": secret}'])
      expect(JSON.stringify(parseJson(text)), text).not.toContain('secret');
    expect(parseJson('[1, 2')).toEqual({ problem: expect.stringMatching(/^is not JSON, or was cut off/) });
  });

  it('is nested at most 1000 deep, however long it is', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(1000))).toHaveProperty('value');
    expect(parseJson(nested(1001))).toEqual({ problem: 'is nested more than 1000 deep' });
    expect(parseJson('{"a":'.repeat(1001))).toEqual({ problem: 'is nested more than 1000 deep' });
    expect(parseJson('['.repeat(100 * MIB))).toHaveProperty('problem');
    expect(parseJson(`["${'['.repeat(2000)}"]`)).toHaveProperty('value');
  });
});

it('a folder is one, and nothing else is', async () => {
  expect(isFolder(folder.path)).toBe(true);
  expect(isFolder(await folder.file('file', ''))).toBe(false);
  expect(isFolder(join(folder.path, 'missing'))).toBe(false);
});
