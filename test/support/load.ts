import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadResults } from '../../dist/src/model/load.js';
import { lanewise, type Outcome } from './lanewise.js';
import { useTempFolder, type TempFolder } from './temp-folder.js';

interface LoadCommand {
  readonly folder: TempFolder;
  /** Runs `lanewise load` in the folder. A flag with its value is one text. */
  readonly load: (...args: readonly string[]) => Promise<Outcome>;
  /** Reads the results in a report folder. */
  readonly readResults: (out: string) => Promise<LoadResults>;
}

/** The command in a temporary folder. */
export function useLoad(): LoadCommand {
  const folder = useTempFolder();
  return {
    folder,
    load: (...args) => lanewise(['load', ...args.flatMap((text) => text.split(' '))], { cwd: folder.path }),
    readResults: async (out) => JSON.parse(await readFile(join(folder.path, out, 'load.json'), 'utf8')) as LoadResults,
  };
}
