import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { builtFrom, type BuiltFrom } from '../../../scripts/build/sources.ts';
import { useTempFolder } from '../../support/temp-folder.js';

const temp = useTempFolder();
const at = (path: string): string => join(temp.path, path);
const now = (): BuiltFrom => builtFrom(temp.path, at('dist'));

beforeEach(() => {
  for (const folder of ['src/deep', 'workers', 'bench', 'scripts', 'browser', 'dist', 'docs'])
    mkdirSync(at(folder), { recursive: true });
  for (const file of ['tsconfig.json', 'package.json', 'package-lock.json', 'src/deep/a.ts', 'docs/a.md'])
    writeFileSync(at(file), file);
  now().remember();
});

it('knows a folder that was built from the same sources', () => {
  writeFileSync(at('docs/a.md'), 'no source');
  expect(now().isCurrent()).toBe(true);
});

it.each<readonly [string, () => void]>([
  ['a source has changed', () => writeFileSync(at('src/deep/a.ts'), 'src/deep/b.ts')],
  ['a source has another name', () => renameSync(at('src/deep/a.ts'), at('src/deep/b.ts'))],
  ['a source has come', () => writeFileSync(at('browser/a.ts'), '')],
  ['a package has another version', () => writeFileSync(at('package-lock.json'), '{}')],
  ['its building was not completed', () => now().forget()],
])('does not take it for current if %s', (_what, change) => {
  change();
  expect(now().isCurrent()).toBe(false);
});
