import { mkdtemp, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../../workers/own-folders.ts';
import { LanewiseError } from '../model/errors.ts';

/** A temporary folder of its own. @throws LanewiseError if there can be none */
export async function makeScratch(prefix: string): Promise<string> {
  try {
    return await mkdtemp(join(await realpath(temporaryFolder), prefix));
  } catch (cause) {
    throw new LanewiseError(
      'usage',
      'The temporary folder of this system cannot be written to: set TMPDIR (on Windows TEMP) to one that can.',
      { cause },
    );
  }
}
