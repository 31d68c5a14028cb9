import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isFoundAs, locateWorkload } from '../../dist/src/measure/locate-module.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const located = (path: string) => locateWorkload({ kind: 'file', path });
const put = async (path: string, text = 'export default () => 1;'): Promise<string> => {
  const file = join(folder.path, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
};
/** As if Lanewise were started in the folder of the tests. */
const inFolder = (): void => {
  const before = process.cwd();
  process.chdir(folder.path);
  onTestFinished(() => process.chdir(before));
};

describe('the path of a module', () => {
  it('may have spaces, other letters and a number sign, and be a URL', async () => {
    const file = await put('a wörk #1.mjs');
    const expected = {
      ref: { url: pathToFileURL(file).href },
      source: 'a wörk #1.mjs',
      fallbackName: 'a wörk #1',
    };
    expect(located(file)).toEqual(expected);
    expect(located(pathToFileURL(file).href)).toEqual(expected);
  });

  it('may name one of the exports, also where it is a URL', async () => {
    const file = await put('worker.mjs');
    const expected = {
      ref: { url: pathToFileURL(file).href, exportName: 'resize' },
      source: 'worker.mjs#resize',
      fallbackName: 'worker#resize',
    };
    expect(located(`${file}#resize`)).toEqual(expected);
    expect(located(`${pathToFileURL(file).href}#resize`)).toEqual(expected);
  });

  it.each([
    ['missing.mjs', 'There is no file missing.mjs, and no package here has such a module'],
    ['./missing.mjs', 'There is no file ./missing.mjs: give the path'],
    ['./data.json', './data.json is JSON, not a module'],
    ['./', './ is a folder'],
    ['./data', 'or a name that "lanewise list" shows. Did you mean "./data.mjs"?'],
    ['https://user:secret@host/', 'A workload is a module, not the address of a server'],
  ])('is refused in a sentence if it leads nowhere: %s', async (path, sentence) => {
    await put('data.json', '{}');
    await put('data.mjs');
    inFolder();
    expect(() => located(path)).toThrow(sentence);
  });
});

describe('a module of a package', () => {
  let packages = 0;

  /** Whether programs of both formats find the file that Lanewise loads of a package with these exports. */
  async function foundIn(worker: string | Readonly<Record<string, string>>): Promise<readonly unknown[]> {
    // Node reads the package.json of a name once.
    const name = `some-${packages++}`;
    await put('package.json', '{}');
    await put(`node_modules/${name}/package.json`, JSON.stringify({ name, exports: { './worker': worker } }));
    for (const file of ['w.mjs', 'w.cjs']) await put(`node_modules/${name}/${file}`);
    inFolder();
    const specifier = `${name}/worker`;
    const file = fileURLToPath(located(specifier).ref.url);
    return [basename(file), isFoundAs(specifier, file, 'esm'), isFoundAs(specifier, file, 'cjs')];
  }

  it('is found by its specifier if import and require lead to the file that was loaded', async () => {
    expect(await foundIn('./w.cjs')).toEqual(['w.cjs', true, true]);
  });

  it('is not found with require if that leads to another file, or to none', async () => {
    expect(await foundIn({ import: './w.mjs', require: './w.cjs' })).toEqual(['w.mjs', true, false]);
    expect(await foundIn({ import: './w.mjs' })).toEqual(['w.mjs', true, false]);
  });

  it('is not found with import if only require leads to it', async () => {
    expect(await foundIn({ require: './w.cjs' })).toEqual(['w.cjs', false, false]);
  });
});
