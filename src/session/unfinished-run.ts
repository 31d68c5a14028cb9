import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_FILE } from './journal-files.ts';

/** The report folder of the run that this process is measuring. */
let folder: string | undefined;

/** From here on, whatever ends this process leaves blocks there that can be resumed. */
export function beginUnfinished(path: string): void {
  folder = path;
}

/** What is left to resume, for whoever reports an error; undefined if there is nothing. */
export function unfinishedText(): string | undefined {
  if (folder === undefined || !existsSync(join(folder, JOURNAL_FILE))) return undefined;
  return `The blocks measured so far are kept in ${folder}: resume with "lanewise run --resume ${folder}".`;
}
