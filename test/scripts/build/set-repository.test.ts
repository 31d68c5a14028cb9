import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { repositoryIn } from '../../../scripts/build/repository.ts';
import { setRepository } from '../../../scripts/build/set-repository.ts';
import { useTempFolder } from '../../support/temp-folder.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const folder = useTempFolder();

/** A copy of package.json and all pages. */
function copy(): void {
  mkdirSync(join(folder.path, 'docs'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(folder.path, 'package.json'));
  for (const name of pagesOf(ROOT)) cpSync(join(ROOT, name), join(folder.path, name));
}

function pagesOf(root: string): readonly string[] {
  return [...readdirSync(root), ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))].filter((name) =>
    name.endsWith('.md'),
  );
}

const read = (name: string): string => readFileSync(join(folder.path, name), 'utf8');

it('the address of the repository is replaced in package.json and in every page, by one command', () => {
  copy();
  const old = repositoryIn(read('package.json'));
  const changed = setRepository(folder.path, 'octo-cat/measure');
  expect(changed).toContain(join(folder.path, 'docs', 'ci.md'));
  expect(JSON.parse(read('package.json'))).toMatchObject({
    name: 'lanewise',
    homepage: 'https://octo-cat.github.io/measure/',
    bugs: { url: 'https://github.com/octo-cat/measure/issues' },
    author: 'octo-cat (https://github.com/octo-cat)',
    funding: 'https://github.com/sponsors/octo-cat',
    repository: { type: 'git', url: 'git+https://github.com/octo-cat/measure.git' },
  });
  expect(read('docs/ci.md')).toContain('uses: octo-cat/measure@COMMIT');
  for (const name of ['package.json', ...pagesOf(folder.path)]) expect(read(name), name).not.toContain(old);
});

it('the address can be changed again, and what was filled in by hand stays', () => {
  copy();
  setRepository(folder.path, 'octo-cat/measure');
  const manifest = { ...JSON.parse(read('package.json')), author: 'A Name', homepage: 'https://example.org/' };
  writeFileSync(join(folder.path, 'package.json'), JSON.stringify(manifest));
  setRepository(folder.path, 'others/lanewise');
  expect(JSON.parse(read('package.json'))).toMatchObject({
    author: 'A Name',
    homepage: 'https://example.org/',
    funding: 'https://github.com/sponsors/others',
  });
  expect(setRepository(folder.path, 'others/lanewise')).toEqual([]);
});

it.each(['', 'lanewise', 'https://github.com/a/b', 'a/b/c', 'OWNER/lanewise', '-a/b'])(
  'what is no OWNER/NAME is refused: "%s"',
  (repository) => {
    copy();
    expect(() => setRepository(folder.path, repository)).toThrow(/^Invalid repository ".*": expected OWNER\/NAME/);
  },
);
