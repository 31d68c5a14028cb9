import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { pathBelow } from '../../dist/src/measure/path-below.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it('a path below a folder may begin with two dots, and links are followed', () => {
  mkdirSync(join(folder.path, 'in', '..jobs'), { recursive: true });
  const base = join(folder.path, 'in');
  writeFileSync(join(base, '..jobs', 'a.mjs'), '');
  writeFileSync(join(folder.path, 'b.mjs'), '');
  symlinkSync(join(base, '..jobs', 'a.mjs'), join(folder.path, 'link.mjs'));
  expect(pathBelow(base, join(base, '..jobs', 'a.mjs'))).toBe('..jobs/a.mjs');
  expect(pathBelow(base, join(folder.path, 'link.mjs'))).toBe('..jobs/a.mjs');
  for (const outside of [base, dirname(base), join(folder.path, 'b.mjs')])
    expect(pathBelow(base, outside)).toBeUndefined();
});
