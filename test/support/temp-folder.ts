import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

export interface TempFolder {
  path: string;
  /** Writes a file and answers its path. */
  readonly file: (name: string, text: string) => Promise<string>;
  /** Writes an ES module of a name of its own and answers its URL. */
  readonly module: (source: string) => Promise<string>;
}

/** A folder for the tests of one file, removed after them. */
export function useTempFolder(): TempFolder {
  let modules = 0;
  const folder: TempFolder = {
    path: '',
    file: async (name, text) => {
      const path = join(folder.path, name);
      await writeFile(path, text);
      return path;
    },
    module: async (source) => pathToFileURL(await folder.file(`module-${modules++}.mjs`, source)).href,
  };
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'lanewise test ü '));
  });
  afterAll(() => rm(folder.path, { recursive: true, force: true }));
  return folder;
}
