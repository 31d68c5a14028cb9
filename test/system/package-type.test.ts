import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageType } from '../../dist/src/system/package-type.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it.each([
  ['{ "type": "module" }', 'module'],
  ['{ "type": "commonjs" }', 'commonjs'],
  ['{}', undefined],
  ['null', undefined],
  ['{ "type": 1 }', undefined],
  ['not JSON', undefined],
])('the type of a folder is that of the nearest package.json: %s', async (text, type) => {
  await folder.file('package.json', text);
  const deeper = join(folder.path, 'one', 'two');
  await mkdir(deeper, { recursive: true });
  expect(packageType(deeper)).toBe(type);
});
