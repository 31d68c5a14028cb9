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

describe('a foreign file', () => {
  it('a foreign file is read unchanged, and unpacked if it is gzip', async () => {
    expect(readForeign(await folder.file('plain', 'some text'), REMEDY).toString()).toBe('some text');
    const packed = join(folder.path, 'packed.gz');
    await writeFile(packed, gzipSync('some text'));
    expect(readForeign(packed, REMEDY).toString()).toBe('some text');
    expect(readForeign(await folder.file('empty', ''), REMEDY)).toHaveLength(0);
  });

  it.runIf(isPosix)('a foreign file is refused in the words of the system where they are rare ones', () => {
    const loop = join(folder.path, 'loop');
    symlinkSync(loop, loop);
    expect(() => readForeign(loop, REMEDY)).toThrow(
      `${loop}: too many symbolic links encountered (ELOOP). Give another.`,
    );
  });

  it('a foreign file is refused in a sentence if it is missing, a folder or damaged', async () => {
    const missing = join(folder.path, 'missing');
    expect(() => readForeign(missing, REMEDY)).toThrow(`Cannot read ${missing}: there is no such file. Give another.`);
    expect(() => readForeign('', REMEDY)).toThrow('Cannot read "": there is no such file. Give another.');
    expect(() => readForeign(folder.path, REMEDY)).toThrow(': it is a folder. Give another.');
    const cut = join(folder.path, 'cut.gz');
    await writeFile(cut, gzipSync('some text').subarray(0, 15));
    expect(() => readForeign(cut, REMEDY)).toThrow(': it is packed and truncated. Give another.');
  });

  it('a foreign file has at most 256 MiB, packed and unpacked', async () => {
    expect(() => readForeign(sparse('large', 256 * MIB + 1), REMEDY)).toThrow('large: it is larger than 256 MiB.');
    const bomb = join(folder.path, 'bomb.gz');
    await writeFile(bomb, gzipSync(Buffer.alloc(257 * MIB), { level: 1 }));
    expect(() => readForeign(bomb, REMEDY)).toThrow('bomb.gz: it unpacks to more than 256 MiB.');
  });

  it.runIf(isPosix)('a device or a named pipe is refused, even behind a link', () => {
    const pipe = join(folder.path, 'pipe');
    execFileSync('sh', ['-c', 'mkfifo "$0"', pipe]);
    const link = join(folder.path, 'link');
    symlinkSync(pipe, link);
    for (const path of ['/dev/zero', '/dev/null', pipe, link])
      expect(() => readForeign(path, REMEDY), path).toThrow('it is not a regular file. Give another.');
  });

  it.runIf(process.platform === 'linux')('a file of size 0 with content, as in /proc, is read whole', () => {
    expect(readForeign('/proc/self/status', REMEDY).toString()).toContain('Pid:');
  });

  it.runIf(isPosix)('a pipe to the process is read', () => {
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

describe('parsing of foreign JSON', () => {
  it('invalid JSON gives a problem that does not quote the text', () => {
    expect(parseJson('{"a": [1, "]\\"[{"]}')).toEqual({ value: { a: [1, ']"[{'] } });
    expect(parseJson('root:*:20000::::::')).toEqual({ problem: 'is not JSON, or was truncated' });
    for (const text of ['{"secret": "x", !', '["secret', 'secret', '{secret: 1}', '{"a": secret}'])
      expect(JSON.stringify(parseJson(text)), text).not.toContain('secret');
    expect(parseJson('[1, 2')).toEqual({ problem: expect.stringMatching(/^is not JSON, or was truncated/) });
  });

  it('JSON nested more than 1000 deep is refused, whatever its length', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(parseJson(nested(1000))).toHaveProperty('value');
    expect(parseJson(nested(1001))).toEqual({ problem: 'is nested more than 1000 deep' });
    expect(parseJson('{"a":'.repeat(1001))).toEqual({ problem: 'is nested more than 1000 deep' });
    expect(parseJson('['.repeat(100 * MIB))).toHaveProperty('problem');
    expect(parseJson(`["${'['.repeat(2000)}"]`)).toHaveProperty('value');
  });
});

it('isFolder is true for a folder only', async () => {
  expect(isFolder(folder.path)).toBe(true);
  expect(isFolder(await folder.file('file', ''))).toBe(false);
  expect(isFolder(join(folder.path, 'missing'))).toBe(false);
});

describe.runIf(isPosix)('a file that the user did not name', () => {
  const own = process.geteuid?.() ?? 0;
  const STRANGER = 54_321;
  /** Only root can change the owner of a file; other users check it as somebody else. */
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

  it('a file is trusted if it is a regular file of the user or root that nobody else can replace', () => {
    const file = fileIn('own');
    expect(whyNotTrusted(file.path)).toBeUndefined();
    give(file.path);
    expect(whyNotTrusted(file.path, seenBy)?.problem).toMatch(/^belongs to another user \(uid \d+\)$/);
    expect(whyNotTrusted(file.in)?.problem).toBe('is not a regular file');
  });

  it.runIf(own === 0)('a file in a folder of another user, or behind their link, is not trusted', () => {
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

  it.runIf(own === 0)(
    'a file in a folder of root is not trusted if every user can replace it, unless the folder is sticky',
    () => {
      const file = fileIn('open');
      chmodSync(file.in, 0o777);
      expect(whyNotTrusted(file.path, STRANGER)?.problem).toBe('is in a folder where every user may replace it');
      chmodSync(file.in, 0o1777);
      expect(whyNotTrusted(file.path, STRANGER)).toBeUndefined();
    },
  );
});
