import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { expect, it } from 'vitest';

const WORKERS = fileURLToPath(new URL('../../../dist/workers/', import.meta.url));
const QUEUE = '../src/lanes/bullmq.js';
/** The encoding of messages to another runtime. */
const PORTABLE = '../workers/portable.js';
/** Those that a parent starts: it may be another runtime. */
const OF_PARENTS: ReadonlySet<string> = new Set(['host', 'child', 'pool-child']);

it.each(['host', 'child', 'thread', 'thread-once', 'pool-child', 'own-lane'])(
  'a started file imports nothing: it holds all its parts, and takes what it uses from Node: %s',
  (name) => {
    const file = `${name}.js`;
    const text = readFileSync(join(WORKERS, file), 'utf8');
    const { module } = parseSync(file, text);
    const onDemand = module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start, end));
    expect(module.staticImports.map(({ moduleRequest }) => moduleRequest.value)).toEqual([]);
    // The address of a workload is known when it is loaded. Only a host that needs a queue reads its bundle.
    const expected = [...(name === 'host' ? [QUEUE] : []), ...(OF_PARENTS.has(name) ? [PORTABLE] : [])];
    expect(onDemand.filter((specifier) => /^["'`]/.test(specifier))).toEqual(expected.map((one) => `"${one}"`));
    expect(text).toContain('process.getBuiltinModule("node:');
  },
);

it.each([
  ['queues and of their servers', QUEUE, 'src/queue/redis-server.js'],
  ['messages to another runtime', PORTABLE, 'workers/portable.js'],
])('the code of %s is in a bundle of its own, which imports nothing either', (_what, file, part) => {
  const [host = '', own = ''] = ['host.js', file].map((name) => readFileSync(join(WORKERS, name), 'utf8'));
  expect(host).not.toContain(`// ${part}\n`);
  expect(own).toContain(`// ${part}\n`);
  expect(parseSync(file, own).module.staticImports).toEqual([]);
});

it.each([
  ['host.js', ['thread', 'thread-once', 'metronome']],
  [QUEUE, ['guard']],
])('a bundle finds the files beside it by the addresses of its parts: %s', (file, names) => {
  const text = readFileSync(join(WORKERS, file), 'utf8');
  const nested = /new URL\("([^"]+)", new URL\("([^"]+)", import\.meta\.url\)\.href\)/g;
  const found = [...text.matchAll(nested)].map(
    ([, to = '', from = '']) => new URL(to, new URL(from, new URL(file, 'file:///dist/workers/'))).pathname,
  );
  expect(new Set(found)).toEqual(new Set(names.map((name) => `/dist/workers/${name}.js`)));
});

it.each([
  ['host.js', ['tinybench', 'pure-rand']],
  [PORTABLE, ['devalue']],
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
