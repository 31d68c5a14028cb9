import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { isFolder, parseJson, readForeign, whyNotTrusted } from '../../dist/src/system/foreign-file.js';
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
    expect(() => readForeign(cut, REMEDY)).toThrow(': it is packed and truncated. Give another.');
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
      expect(() => readForeign(path, REMEDY), path).toThrow('it is not a regular file. Give another.');
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
    expect(parseJson('root:*:20000::::::')).toEqual({ problem: 'is not JSON, or was truncated' });
    for (const text of ['{"secret": "x", !', '["secret', 'secret', '{secret: 1}', '{"a": secret}'])
      expect(JSON.stringify(parseJson(text)), text).not.toContain('secret');
    expect(parseJson('[1, 2')).toEqual({ problem: expect.stringMatching(/^is not JSON, or was truncated/) });
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

describe.runIf(isPosix)('a file that nobody named', () => {
  const own = process.geteuid?.() ?? 0;
  const STRANGER = 54_321;
  /** Only root may give a file away; for anybody else somebody else looks at it. */
  const seenBy = own === 0 ? 0 : STRANGER;
  const give = (...paths: string[]): void => {
    if (own === 0) for (const path of paths) chownSync(path, STRANGER, STRANGER);
  };
  const fileIn = (name: string): { readonly in: string; readonly path: string } => {
    const at = join(folder.path, name);
    mkdirSync(at);
    writeFileSync(join(at, 'x.mjs'), '');
    return { in: at, path: join(at, 'x.mjs') };
  };

  it('is trusted if it is a regular file of the user or of root, and nobody else may replace it', () => {
    const file = fileIn('own');
    expect(whyNotTrusted(file.path)).toBeUndefined();
    give(file.path);
    expect(whyNotTrusted(file.path, seenBy)?.problem).toMatch(/^belongs to another user \(uid \d+\)$/);
    expect(whyNotTrusted(file.in)?.problem).toBe('is not a regular file');
  });

  it.runIf(own === 0)('is not trusted in a folder of somebody else, or behind a link of theirs', () => {
    const file = fileIn('theirs');
    const link = join(fileIn('linked').in, 'link.mjs');
    symlinkSync(file.path, link);
    expect(whyNotTrusted(link)).toBeUndefined();
    execFileSync('chown', ['-h', `${STRANGER}`, link]);
    expect(whyNotTrusted(link)?.problem).toBe(`belongs to another user (uid ${STRANGER})`);
    give(file.in);
    expect(whyNotTrusted(file.path)).toEqual({
      problem: `is in a folder of another user (uid ${STRANGER})`,
      remedy: 'If you trust it, `chown` the folder to you',
    });
    expect(whyNotTrusted(file.path, STRANGER)).toBeUndefined();
    // Who has become root may go on using what is theirs.
    vi.stubEnv('SUDO_UID', `${STRANGER}`);
    expect(whyNotTrusted(file.path)).toBeUndefined();
    vi.unstubAllEnvs();
  });

  it.runIf(own === 0)('is not trusted in a folder of root where every user may replace it, unless it is sticky', () => {
    const file = fileIn('open');
    chmodSync(file.in, 0o777);
    expect(whyNotTrusted(file.path, STRANGER)?.problem).toBe('is in a folder where every user may replace it');
    chmodSync(file.in, 0o1777);
    expect(whyNotTrusted(file.path, STRANGER)).toBeUndefined();
  });
});
