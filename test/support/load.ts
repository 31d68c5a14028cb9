import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadResults } from '../../dist/src/model/load.js';
import { lanewise, type Outcome } from './lanewise.js';
import { useTempFolder, type TempFolder } from './temp-folder.js';

interface LoadCommand {
  readonly folder: TempFolder;
  /** Runs `lanewise load` in the folder. A flag with its value is one text. */
  readonly load: (...args: readonly string[]) => Promise<Outcome>;
  /** Runs it for one block, in a new report folder, and interrupts it then. */
  readonly loadBlock: (out: string, ...args: readonly string[]) => Promise<Outcome>;
  /** Reads the results in a report folder. */
  readonly readResults: (out: string) => Promise<LoadResults>;
}

/** The command in a temporary folder. */
export function useLoad(): LoadCommand {
  const folder = useTempFolder();
  const words = (args: readonly string[]): string[] => ['load', ...args.flatMap((text) => text.split(' '))];
  return {
    folder,
    load: (...args) => lanewise(words(args), { cwd: folder.path }),
    loadBlock: (out, ...args) =>
      lanewise([...words(args), '--out', out], { cwd: folder.path, firstBlockIn: join(folder.path, out) }),
    readResults: async (out) => JSON.parse(await readFile(join(folder.path, out, 'load.json'), 'utf8')) as LoadResults,
  };
}
