import { describe, expect, it } from 'vitest';
import { loadWorkload } from '../../dist/workers/load-workload.js';
import { useTempFolder } from '../support/temp-folder.js';
import { pathToFileURL } from 'node:url';

const folder = useTempFolder();
const load = async (source: string, exportName?: string) =>
  loadWorkload({ url: await folder.module(source), ...(exportName !== undefined && { exportName }) });
const call = async (loaded: ReturnType<typeof load>): Promise<unknown> => {
  const task = (await loaded).task as () => unknown;
  return task();
};

describe('the workload of a module', () => {
  it('is its default export, or the export that was named', async () => {
    const source = 'export default () => 1; export const two = () => 2; export const three = { task: () => 3 };';
    expect(await call(load(source))).toBe(1);
    expect(await call(load(source, 'two'))).toBe(2);
    expect(await call(load(source, 'three'))).toBe(3);
  });

  it('may be an export of CommonJS that Node does not see', async () => {
    const file = await folder.file('hidden.cjs', "Object.assign(module.exports, { ['re' + 'size']: () => 4 });");
    expect(await call(loadWorkload({ url: pathToFileURL(file).href, exportName: 'resize' }))).toBe(4);
  });

  it.each([
    [
      'export const resize = () => 1; export const N = 3;',
      undefined,
      'it has no default export; to take another of its exports, add its name to the path: #resize',
    ],
    ['export const resize = () => 1;', 'crop', 'it has no export "crop"; to take another'],
    ['export const n = 1;', undefined, 'it has no default export; it must export the task function'],
    ['export const n = 1;', 'n', 'its export "n" is a number; it must'],
    ['export default {};', undefined, 'its default export has no `task` function'],
  ])('is asked for in a sentence: %s %s', async (source, exportName, sentence) => {
    await expect(load(source, exportName)).rejects.toThrow(sentence);
  });

  it('finds the workerData that its user gives it, and never one of Lanewise’s', async () => {
    const source =
      "import { workerData } from 'node:worker_threads'; const seen = workerData; export default () => seen;";
    const url = await folder.module(source);
    expect(await call(loadWorkload({ url, workerData: { n: 1 } }))).toEqual({ n: 1 });
    expect(await call(load(source))).toBeNull();
  });
});
