import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ownCopyOf, sentModule } from '../../dist/src/measure/sent-module.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

function written(machine: string, text = 'export default () => 1;'): { readonly base: string; readonly url: string } {
  const base = join(folder.path, machine);
  mkdirSync(join(base, 'jobs'), { recursive: true });
  writeFileSync(join(base, 'jobs/work.mjs'), text);
  return { base, url: pathToFileURL(join(base, 'jobs/work.mjs')).href };
}

describe('a module that is sent to another machine', () => {
  it('is named by its path below a folder, its export and its checksum, and is found there', () => {
    const [here, there] = [written('a'), written('b')];
    const sent = sentModule({ url: here.url, exportName: 'resize' }, here.base);
    expect(sent).toEqual({
      place: 'shared',
      path: 'jobs/work.mjs',
      exportName: 'resize',
      // printf 'export default () => 1;' | sha256sum
      sha256: 'a2fc6ce040a274ad2a287c77dec4a6817fe7bb2df4cb7d0fe3b8f716b8aa9663',
    });
    expect(JSON.stringify(sent)).not.toContain(folder.path);
    expect(ownCopyOf(sent, there.base)).toEqual({ url: there.url, exportName: 'resize' });
  });

  it('is refused if the copies differ, or if there is none', () => {
    const here = written('c');
    const sent = sentModule({ url: here.url }, here.base);
    const other = written('d', 'export default () => 2;');
    expect(() => ownCopyOf(sent, other.base)).toThrow(/jobs\/work\.mjs differs between the two machines/);
    expect(() => ownCopyOf(sent, join(other.base, 'jobs'))).toThrow(/There is no file jobs\/work\.mjs below --modules/);
  });

  it('is never looked for outside of the folder, not even by a link', () => {
    const here = written('e');
    const outside = written('f');
    const sent = sentModule({ url: outside.url }, outside.base);
    symlinkSync(join(outside.base, 'jobs'), join(here.base, 'linked'));
    for (const path of ['../f/jobs/work.mjs', join(outside.base, 'jobs/work.mjs'), 'linked/work.mjs'])
      expect(() => ownCopyOf({ ...sent, path }, here.base)).toThrow(/There is no file/);
  });

  it('is one of Lanewise or below the working folder', () => {
    const here = written('g');
    expect(() => sentModule({ url: here.url }, join(here.base, 'other', '..', 'jobs', '..', '..', 'a'))).toThrow(
      /below the working folder only/,
    );
    const shipped = new URL('../../dist/bench/cpu/primes-cooperative.js', import.meta.url).href;
    const sent = sentModule({ url: shipped }, here.base);
    expect(sent).toMatchObject({ place: 'shipped', path: 'cpu/primes-cooperative.js' });
    expect(ownCopyOf(sent, here.base)).toEqual({ url: shipped });
  });
});
