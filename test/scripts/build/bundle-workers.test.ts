import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';

const WORKERS = fileURLToPath(new URL('../../../dist/workers/', import.meta.url));

it.each(['host', 'child', 'thread', 'thread-once', 'pool-child', 'own-lane'])(
  'a started file imports nothing: it holds all its parts, and takes what it uses from Node: %s',
  (name) => {
    const file = `${name}.js`;
    const text = readFileSync(join(WORKERS, file), 'utf8');
    const { module } = parseSync(file, text);
    const onDemand = module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start, end));
    expect(module.staticImports.map(({ moduleRequest }) => moduleRequest.value)).toEqual([]);
    // The address of a workload is known when it is loaded.
    expect(onDemand.filter((specifier) => /^["'`]/.test(specifier))).toEqual([]);
    expect(text).toContain('process.getBuiltinModule("node:');
  },
);

it('a bundle finds the files beside it by the addresses of its parts', () => {
  const text = readFileSync(join(WORKERS, 'host.js'), 'utf8');
  const nested = /new URL\("([^"]+)", new URL\("([^"]+)", import\.meta\.url\)\.href\)/g;
  const found = [...text.matchAll(nested)].map(
    ([, to = '', from = '']) => new URL(to, new URL(from, 'file:///dist/workers/host.js')).pathname,
  );
  expect(new Set(found)).toEqual(
    new Set(['thread', 'thread-once', 'guard', 'metronome'].map((name) => `/dist/workers/${name}.js`)),
  );
});

it('a bundle holds the license of each package in it', () => {
  const text = readFileSync(join(WORKERS, 'host.js'), 'utf8');
  const bundled = new Set([...text.matchAll(/^ *\/\/ .*node_modules\/([^/]+)\//gm)].map(([, name]) => name));
  expect(bundled).toEqual(new Set(['tinybench', 'pure-rand', 'fastest-levenshtein']));
  for (const name of bundled) {
    const folder = fileURLToPath(new URL(`../../../node_modules/${name}/`, import.meta.url));
    const license = readdirSync(folder).find((file) => file.startsWith('LICENSE')) ?? '';
    expect(text).toContain(`${name}: ${readFileSync(join(folder, license), 'utf8')}`);
  }
});
