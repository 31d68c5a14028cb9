/** A project that installs only the package compiles against its types, with libraries checked, too. */
import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const { exports, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
};

/** The declaration files that the entries of the package lead to. */
function reachable(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  const add = (file: string): void => {
    if (found.has(file)) return;
    const specifiers = [
      ...readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport\(|^import) *["']([^"']+)["']/gm),
    ].map(([, specifier = '']) => specifier);
    found.set(file, specifiers);
    for (const specifier of specifiers.filter((name) => name.startsWith('.')))
      add(join(dirname(file), specifier.replace(/\.[tj]sx?$/, '.d.ts')));
  };
  for (const entry of Object.values(exports)) if (typeof entry !== 'string') add(join(ROOT, entry.types));
  return found;
}

it('published types need no package beyond the dependencies, as an optional one may not be installed', () => {
  const files = reachable();
  expect(files.size).toBeGreaterThan(20);
  const missing = [...files].flatMap(([file, specifiers]) =>
    specifiers
      .filter((name) => !name.startsWith('.') && !name.startsWith('node:') && !builtinModules.includes(name))
      .filter((name) => !Object.keys(dependencies).some((own) => name === own || name.startsWith(`${own}/`)))
      .map((name) => `${relative(ROOT, file)}: ${name}`),
  );
  expect(missing).toEqual([]);
});
