import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { isFoundAs, locateWorkload, neededLoaders, whyNotLoaded } from '../../dist/src/measure/locate-module.js';
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
  beforeAll(async () => {
    const manifest = {
      name: 'some-package',
      version: '1.0.0',
      exports: { './worker': { import: './lib/worker.mjs' } },
    };
    await put('node_modules/some-package/package.json', JSON.stringify(manifest));
    await put('node_modules/some-package/lib/worker.mjs');
    await put('node_modules/@scope/plain/package.json', '{"name":"@scope/plain","version":"1.0.0"}');
    await put('node_modules/@scope/plain/worker.js', 'module.exports = () => 1;');
  });

  it('is found as it would be imported, or else required, in the working folder', () => {
    inFolder();
    const exported = located('some-package/worker#resize');
    expect(basename(dirname(fileURLToPath(exported.ref.url)))).toBe('lib');
    expect(exported).toMatchObject({
      ref: { exportName: 'resize' },
      source: 'some-package/worker#resize',
      fallbackName: 'some-package/worker#resize',
    });
    expect(fileURLToPath(located('@scope/plain/worker').ref.url)).toMatch(/plain[\\/]worker\.js$/);
  });

  it('is refused in a sentence if the package does not export it', () => {
    inFolder();
    expect(() => located('some-package/other')).toThrow(
      'The package of some-package/other has no such module among its exports: give the path',
    );
  });

  it('comes second: a file of that path is meant', async () => {
    const file = await put('some-package/worker');
    inFolder();
    expect(located('some-package/worker').ref.url).toBe(pathToFileURL(file).href);
  });
});

describe('the specifier of a measured module', () => {
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

  it('leads a program to it if import and require find the file that was loaded', async () => {
    expect(await foundIn('./w.cjs')).toEqual(['w.cjs', true, true]);
  });

  it('leads a program with require elsewhere, or nowhere, if the exports have conditions', async () => {
    expect(await foundIn({ import: './w.mjs', require: './w.cjs' })).toEqual(['w.mjs', true, false]);
    expect(await foundIn({ import: './w.mjs' })).toEqual(['w.mjs', true, false]);
  });

  it('leads no program to it if only require finds it', async () => {
    expect(await foundIn({ require: './w.cjs' })).toEqual(['w.cjs', false, false]);
  });
});

describe('TypeScript that does not load', () => {
  const url = 'file:///work/task.ts';
  const loaders = ['file:///tsx.mjs'];
  const ENUM = { name: 'SyntaxError', message: 'TypeScript enum is not supported in strip-only mode' };
  const UTIL = { name: 'Error', message: "Cannot find module 'util.js' imported from task.ts" };
  const node = (version: string) => ({ runtime: { name: 'node', version }, runsTypeScript: version > '22' }) as const;

  it('is tried with its loaders, once, if these may help', () => {
    for (const error of [ENUM, UTIL]) {
      expect(neededLoaders({ url, loaders }, error)).toEqual({ url, loaders, needsLoaders: true });
      expect(neededLoaders({ url }, error)).toBeUndefined();
      expect(neededLoaders({ url, loaders, needsLoaders: true }, error)).toBeUndefined();
    }
    expect(neededLoaders({ url, loaders }, { name: 'Error', message: 'no database' })).toBeUndefined();
  });

  it('is refused with what helps on the Node that was to load it', () => {
    expect(whyNotLoaded({ url }, ENUM, node('24.1.0'))).toMatch(
      /that Node v24\.1\.0 cannot run by leaving out its types .*: install tsx .*, write it without enums, .* and decorators/,
    );
    expect(whyNotLoaded({ url }, ENUM, node('20.19.0'))).toMatch(
      /which Node v20\.19\.0 does not run by itself: install tsx .*, use Node 22\.18 or later/,
    );
    expect(whyNotLoaded({ url }, UTIL, node('24.1.0'))).toMatch(/finds it only by the ending of its file, as import/);
    // It is the error of tsx, or no matter of types.
    expect(whyNotLoaded({ url, loaders, needsLoaders: true }, ENUM, node('24.1.0'))).toBeUndefined();
    expect(whyNotLoaded({ url: 'file:///work/task.js' }, ENUM, node('24.1.0'))).toBeUndefined();
    expect(whyNotLoaded({ url }, { name: 'Error', message: 'no database' }, node('24.1.0'))).toBeUndefined();
  });
});
