import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWorkload } from '../../dist/src/session/init.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

describe('a new workload', () => {
  it.each(['work.js', 'work.ts'])('is not written where its package.json makes it CommonJS: %s', async (name) => {
    await folder.file('package.json', '{ "type": "commonjs" }');
    const file = join(folder.path, 'deeper', name);
    expect(() => writeWorkload({ file })).toThrow(`Invalid file name ${file}: its package.json makes it CommonJS`);
    expect(existsSync(file)).toBe(false);
  });

  it.each(['work.cjs', 'work.cts', 'work.json', 'work'])('has the extension of an ES module, unlike %s', (name) => {
    const file = join(folder.path, name);
    expect(() => writeWorkload({ file })).toThrow(`Invalid file name ${file}: use .mjs, .js, .mts or .ts.`);
  });
});
