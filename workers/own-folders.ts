/**
 * The folders of the user who started this process. Read only here, once on import, before a workload can change them.
 * In a container or a deleted folder, they may be unknown, and Node throws.
 */
import { homedir, tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

/** Undefined if it has been deleted. */
export const workingFolder = orUndefined(() => process.cwd());
/** Undefined without HOME and without an entry in the passwd database, as for `docker run --user 54321`. */
export const homeFolder = orUndefined(homedir);
/** The system's folder for temporary files, which may not exist. */
export const temporaryFolder = orUndefined(tmpdir) ?? '/tmp';

/** Stands for the folder of Lanewise, as `node:` does for Node. */
export const OWN_PREFIX = 'lanewise:';

/** Where Lanewise itself is, with a separator at its end. */
export const ownFolder = fileURLToPath(new URL('..', import.meta.url));

function orUndefined(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
