import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';

const WORKERS = fileURLToPath(new URL('../../../dist/workers/', import.meta.url));
const QUEUE = '../src/lanes/bullmq.js';

it.each([
  'host.cjs',
  'child.cjs',
  'pool-child.cjs',
  'driver.cjs',
  'precompiled.cjs',
  'thread.js',
  'thread-once.js',
  'own-lane.js',
])('a started file imports nothing: it holds all its parts, and takes what it uses from Node: %s', (file) => {
  const text = readFileSync(join(WORKERS, file), 'utf8');
  const { module } = parseSync(file, text);
  expect(module.staticImports.map(({ moduleRequest }) => moduleRequest.value)).toEqual([]);
  // The address of a workload is known when it is loaded. Only a host that needs a queue reads its bundle.
  const onDemand = [...text.matchAll(/(?<![\w.])import(?:ing)?\((["'`].*?["'`])\)/g)].map(([, specifier]) => specifier);
  expect(onDemand).toEqual(file === 'host.cjs' ? [`"${QUEUE}"`] : []);
  expect(text).toContain('process.getBuiltinModule("node:');
});

it('a script that is compiled before imports by a function of its head alone', () => {
  for (const file of readdirSync(WORKERS).filter((name) => name.endsWith('.cjs'))) {
    const text = readFileSync(join(WORKERS, file), 'utf8');
    const imports = parseSync(file, text).module.dynamicImports.map(
      ({ start }) => text.slice(0, start).split('\n').length,
    );
    expect([file, imports]).toEqual([file, [3]]);
  }
});

it('the code of queues and of their servers is in a bundle of its own, which imports nothing either', () => {
  const part = '// src/queue/redis-server.js\n';
  const [host = '', own = ''] = ['host.cjs', QUEUE].map((name) => readFileSync(join(WORKERS, name), 'utf8'));
  expect(host).not.toContain(part);
  expect(own).toContain(part);
  expect(parseSync(QUEUE, own).module.staticImports).toEqual([]);
});

it.each([
  ['host.cjs', ['thread', 'thread-once', 'metronome']],
  [QUEUE, ['guard']],
])('a bundle finds the files beside it by the addresses of its parts: %s', (file, names) => {
  const text = readFileSync(join(WORKERS, file), 'utf8');
  const nested = /new URL\("([^"]+)", new URL\("([^"]+)", (?:import\.meta\.url|moduleUrl)\)\.href\)/g;
  const found = [...text.matchAll(nested)].map(
    ([, to = '', from = '']) => new URL(to, new URL(from, new URL(file, 'file:///dist/workers/'))).pathname,
  );
  // The folder of Lanewise is one of them, for what an error says of its own lines.
  expect(new Set(found)).toEqual(new Set(['/dist/', ...names.map((name) => `/dist/workers/${name}.js`)]));
});

it.each([
  ['host.cjs', ['tinybench', 'pure-rand', 'devalue']],
  ['portable.js', ['devalue']],
  [QUEUE, ['fastest-levenshtein']],
])('a bundle holds the license of each package in it: %s', (file, packages) => {
  const text = readFileSync(join(WORKERS, file), 'utf8');
  const bundled = new Set([...text.matchAll(/^ *\/\/ .*node_modules\/([^/]+)\//gm)].map(([, name]) => name));
  expect(bundled).toEqual(new Set(packages));
  for (const name of bundled) {
    const folder = fileURLToPath(new URL(`../../../node_modules/${name}/`, import.meta.url));
    const license = readdirSync(folder).find((entry) => entry.startsWith('LICENSE')) ?? '';
    expect(text).toContain(`${name}: ${readFileSync(join(folder, license), 'utf8')}`);
  }
});
