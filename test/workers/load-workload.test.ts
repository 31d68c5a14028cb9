import { describe, expect, it } from 'vitest';
import { loadWorkload } from '../../dist/workers/load-workload.js';
import { useTempFolder } from '../support/temp-folder.js';
import { rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const folder = useTempFolder();
const load = async (source: string, exportName?: string) =>
  loadWorkload({ url: await folder.module(source), ...(exportName !== undefined && { exportName }) });
const call = async (loaded: ReturnType<typeof load>): Promise<unknown> => {
  const workload = (await loaded) as { task(): unknown };
  return workload.task();
};

describe('the workload of a module', () => {
  it('is its default export, or the named export', async () => {
    const source = 'export default () => 1; export const two = () => 2; export const three = { task: () => 3 };';
    expect(await call(load(source))).toBe(1);
    expect(await call(load(source, 'two'))).toBe(2);
    expect(await call(load(source, 'three'))).toBe(3);
  });

  it('is not a field of what CommonJS exports, though Node lists it as an export', async () => {
    const source = 'const task = (n) => n, input = () => 1; module.exports = { task, input };';
    const url = pathToFileURL(await folder.file('fields.cjs', source)).href;
    await expect(loadWorkload({ url, exportName: 'task' })).rejects.toThrow(
      'its export "task" is a part of its default export; to use its default export, leave out the name',
    );
    const bare = pathToFileURL(await folder.file('bare.cjs', 'exports.task = () => 5; exports.other = () => 6;')).href;
    expect(await call(loadWorkload({ url: bare, exportName: 'other' }))).toBe(6);
  });

  it('may be an export of CommonJS that Node does not detect', async () => {
    const file = await folder.file('hidden.cjs', "Object.assign(module.exports, { ['re' + 'size']: () => 4 });");
    expect(await call(loadWorkload({ url: pathToFileURL(file).href, exportName: 'resize' }))).toBe(4);
  });

  it.each([
    [
      'export const resize = () => 1; export const N = 3;',
      undefined,
      'it has no default export; to use another of its exports, add its name to the path: #resize',
    ],
    ['export const resize = () => 1;', 'crop', 'it has no export "crop"; to use another'],
    [
      Array.from({ length: 10 }, (_, index) => `export const f${index} = () => 1;`).join(' '),
      'crop',
      'add its name to the path: #f0, #f1, #f2, #f3, #f4, #f5, #f6, #f7 and 2 more',
    ],
    [
      Array.from({ length: 10 }, (_, index) => `export const f${index} = () => 1;`).join(' '),
      'F9x',
      'add its name to the path: #f9, #f0, #f1,',
    ],
    ['export const n = 1;', undefined, 'it has no default export; it must export the task function'],
    [
      'export default {};',
      undefined,
      'its default export is an empty object, as that of a CommonJS file that exports no',
    ],
    ['export const n = 1;', 'n', 'its export "n" is a number; it must'],
    [
      'export default { input: () => 1, task: (n) => n };',
      'crop',
      'it has no export "crop"; to use its default export, leave out the name',
    ],
    // A task without its input would be other work.
    [
      'export const two = () => 2; export default { input: () => 1, task: (n) => n };',
      'task',
      'its export "task" is a part of its default export; to use its default export, leave out the name; to use another of its exports, add its name to the path: #two',
    ],
    ['export default { n: 1 };', undefined, 'its default export has no `task` function'],
    ['export default class { task() {} };', undefined, 'its default export is a class: export an instance of it'],
    ['export default Promise.resolve(7);', undefined, 'its default export is a number'],
  ])('is explained in an error if it is missing: %s %s', async (source, exportName, sentence) => {
    await expect(load(source, exportName)).rejects.toThrow(sentence);
  });

  it.each([
    ['a promise of the function', 'export default Promise.resolve(() => 1);'],
    ['any thenable', 'export default { then: (done) => done(() => 1) };'],
    ['a promise of a definition', 'export default (async () => ({ task: () => 1 }))();'],
    ['wrapped by a bundler', 'export default { default: () => 1 };'],
    ['wrapped twice', 'export default { __esModule: true, default: { __esModule: true, default: () => 1 } };'],
    ['wrapped, and a promise', 'export default { default: Promise.resolve({ default: () => 1 }) };'],
    ['an instance of a class', 'class Work { #n = 1; task() { return this.#n; } } export default new Work();'],
    [
      'an instance whose task is inherited',
      'class Work { n = 1; task() { return this.n; } } export default new (class extends Work {})();',
    ],
  ])('may be exported as %s', async (_what, source) => {
    const loaded = await load(source);
    expect((loaded as { task(): unknown }).task()).toBe(1);
  });

  it('may be an export of CommonJS on a function, or compiled code', async () => {
    const onFunction = await folder.file('multiple.cjs', 'module.exports = () => 1; module.exports.b = () => 2;');
    const compiled = await folder.file(
      'compiled.cjs',
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = () => 1; exports.b = () => 2;",
    );
    for (const url of [onFunction, compiled].map((file) => pathToFileURL(file).href)) {
      expect(await call(loadWorkload({ url }))).toBe(1);
      expect(await call(loadWorkload({ url, exportName: 'b' }))).toBe(2);
    }
  });

  it('is called with the input alone if it is a plain function', async () => {
    const loaded = await load('export default (...all) => all.length;');
    const { task } = loaded as { task: (input: number, context: object) => unknown };
    expect(task(1, {})).toBe(1);
  });

  it.each([
    'export default (input, { signal }) => signal.aborted;',
    'export default async (input, context) => context.signal;',
  ])('fails with a hint if it is a plain function that expects a context: %s', async (source) => {
    const { task } = (await load(source)) as { task: (input: number) => unknown };
    await expect(async () => task(1)).rejects.toThrow('to get the context, export a definition');
  });

  it.each([
    ["import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => 1);", '`parentPort`'],
    ["import { parentPort } from 'node:worker_threads'; parentPort.onmessage = () => 1;", '`parentPort`'],
    ["process.on('message', () => 1);", '`process.on("message")`'],
  ])('is missing in a file that waits for messages and exports nothing: %s', async (source, place) => {
    await expect(load(source)).rejects.toThrow(
      `it waits for messages on ${place} and exports no function; export the function that does the work`,
    );
  });

  it('is missing in a file that reports to a parent process', async () => {
    const send = Object.getOwnPropertyDescriptor(process, 'send');
    // As in every process that Lanewise starts.
    delete process.send;
    try {
      await expect(load('process.send({ ready: true }); export default () => 1;')).rejects.toThrow(
        'it reports to a parent process with `process.send`; export the function',
      );
    } finally {
      if (send !== undefined) Object.defineProperty(process, 'send', send);
    }
  });

  it('may listen for messages besides exporting a function, and is not a main program', async () => {
    const source =
      "import { isMainThread, parentPort } from 'node:worker_threads'; parentPort.on('message', () => 1); if (isMainThread) throw new Error('main'); export default () => 1;";
    expect(await call(load(source))).toBe(1);
  });

  it('finds isWorkerThread and workerData in its own copy of Piscina', async () => {
    const source =
      "import Piscina, { isWorkerThread } from 'piscina'; export default () => [Piscina.workerData, Piscina.isWorkerThread, isWorkerThread];";
    const file = new URL('piscina-scope.mjs', import.meta.url);
    writeFileSync(file, source);
    try {
      expect(await call(loadWorkload({ url: file.href, workerData: 'ABC' }))).toEqual(['ABC', true, true]);
    } finally {
      rmSync(file);
    }
  });

  it('finds the given workerData, never that of Lanewise', async () => {
    const source =
      "import { workerData } from 'node:worker_threads'; const seen = workerData; export default () => seen;";
    const url = await folder.module(source);
    expect(await call(loadWorkload({ url, workerData: { n: 1 } }))).toEqual({ n: 1 });
    expect(await call(load(source))).toBeNull();
  });
});
