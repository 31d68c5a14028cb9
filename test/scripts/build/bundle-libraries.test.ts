import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const DIST = join(ROOT, 'dist');
const LIBRARIES = join(DIST, 'libraries');
const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

function filesOf(room: string, end: string): readonly string[] {
  return readdirSync(join(DIST, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(end))
    .map((name) => join(DIST, room, name));
}

/** Packages that a file imports when it is loaded. */
function packagesOf(path: string): readonly string[] {
  const { staticImports, staticExports } = parseSync(path, readFileSync(path, 'utf8')).module;
  const asked = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? [])),
  ];
  return asked.filter((specifier) => !/^(?:\.|node:)/.test(specifier) && !builtinModules.includes(specifier));
}

it('the command imports no package but Piscina: the others are bundled', () => {
  const files = ['src', 'workers', 'libraries'].flatMap((room) => filesOf(room, '.js'));
  expect(files.length).toBeGreaterThan(200);
  expect(new Set(files.flatMap(packagesOf))).toEqual(new Set(['piscina']));
});

it('what a user installs is Piscina, and the types that those of the API are made of', () => {
  const seen = new Set<string>();
  const found = new Set<string>();
  const read = (path: string): void => {
    if (seen.has(path) || !existsSync(path)) return;
    seen.add(path);
    for (const [, specifier = ''] of readFileSync(path, 'utf8').matchAll(/(?:from |import\()['"]([^'"]+)['"]/g)) {
      if (specifier.startsWith('.')) read(join(path, '..', specifier.replace(/\.[jt]sx?$/, '.d.ts')));
      else if (!specifier.startsWith('node:')) found.add(specifier);
    }
  };
  for (const entry of ['src/index', 'src/strategy', 'workers/own-lane', 'src/pool', 'src/testing'])
    read(join(DIST, `${entry}.d.ts`));
  expect(seen.size).toBeGreaterThan(20);
  expect(new Set([...found, 'piscina'])).toEqual(new Set(Object.keys(dependencies)));
});

it('the bundles hold the license of each package that a source imports', () => {
  // What only processes of Lanewise's own import is in their bundles.
  const bundles = [...readdirSync(LIBRARIES), '../workers/portable.js'].map((name) =>
    readFileSync(join(LIBRARIES, name), 'utf8'),
  );
  const sources = ['src', 'workers'].flatMap((room) =>
    readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(ROOT, room, name)),
  );
  const imported = new Set(
    sources
      .flatMap((path) => {
        const { staticImports } = parseSync(path, readFileSync(path, 'utf8')).module;
        return staticImports.filter(({ entries }) => !entries.every(({ isType }) => isType));
      })
      .map(({ moduleRequest: { value } }) => value)
      .filter((specifier) => !/^(?:\.|node:)/.test(specifier) && !/^(?:piscina|tsx|bullmq|ioredis|pg)/.test(specifier))
      .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? ''),
  );
  expect(imported.size).toBeGreaterThan(10);
  for (const name of imported) {
    const folder = join(ROOT, 'node_modules', name);
    const license = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry)) ?? '';
    const text = `${basename(name)}: ${readFileSync(join(folder, license), 'utf8')}`;
    expect(
      bundles.some((bundle) => bundle.includes(text)),
      name,
    ).toBe(true);
  }
});

it('a package without the text of its license has the name of it, and of its author', () => {
  const bundles = readdirSync(LIBRARIES).map((name) => readFileSync(join(LIBRARIES, name), 'utf8'));
  expect(bundles.filter((text) => text.includes('\nboolbase: ISC, Felix Boehm'))).not.toEqual([]);
});
