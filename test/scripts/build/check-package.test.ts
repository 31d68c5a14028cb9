import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

function outputOf(program: string, args: readonly string[]): string {
  // On Windows npm is a script, which only a shell can run.
  const shell = process.platform === 'win32';
  return execFileSync(program, args, { cwd: ROOT, encoding: 'utf8', shell, maxBuffer: 2 ** 28 });
}

const [packed] = JSON.parse(outputOf('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'])) as readonly [
  { readonly unpackedSize: number; readonly files: readonly { readonly path: string }[] },
];
const FILES = new Set(packed.files.map(({ path }) => path));
// New files, too, before they are committed.
const TRACKED = new Set(outputOf('git', ['ls-files', '--cached', '--others', '--exclude-standard']).split('\n'));

/** The sources that a built file can come from. */
function sourcesOf(path: string): readonly string[] {
  const name = path.replace(/^dist\//, '').replace(/(?:\.d\.ts|\.c?js)$/, '');
  return [`${name}.ts`, `${name}.tsx`];
}

it('the package has nothing but files of the repository, and what is built from these and from packages', () => {
  const isBundle = (path: string): boolean => /^dist\/libraries\/[\w-]+\.js$/.test(path);
  const others = [...FILES].filter((path) =>
    path.startsWith('dist/')
      ? !isBundle(path) && !sourcesOf(path).some((source) => TRACKED.has(source))
      : !TRACKED.has(path),
  );
  expect(others).toEqual([]);
});

it('the package has no tests, scripts, source maps or parts of the site', () => {
  const parts = new Set(
    [...FILES].map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('dist/') ? 2 : 1)
        .join('/'),
    ),
  );
  expect([...parts].toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'bench',
    'dist/bench',
    'dist/browser',
    'dist/libraries',
    'dist/src',
    'dist/workers',
    'docs',
    'examples',
    'package.json',
  ]);
  expect([...FILES].filter((path) => /\.map$|\.test\.|node_modules/.test(path))).toEqual([]);
});

it('the package has every file that its package.json names, and every page', () => {
  const { exports, bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
    readonly bin: Readonly<Record<string, string>>;
  };
  const named = Object.values(exports).flatMap((to) => (typeof to === 'string' ? [to] : Object.values(to)));
  const paths = [...named, ...Object.values(bin)].map((path) => path.replace(/^\.\//, ''));
  expect(paths.length).toBeGreaterThan(10);
  const pages = [...TRACKED].filter((path) => /^docs\/[^/]+\.md$/.test(path));
  expect([...paths, ...pages].filter((path) => !FILES.has(path))).toEqual([]);
});

it('the package stays small: 7 MiB at most, its bundled libraries included', () => {
  expect(packed.unpackedSize).toBeLessThan(7 * 2 ** 20);
});
