/**
 * The folders that belong to whoever started this process. Asked once, while this module is loaded, before a workload can change them,
 * and nowhere else: in a container or a deleted folder the system cannot tell them, and Node throws.
 */
import { homedir, tmpdir } from 'node:os';

/** Undefined if it has been deleted. */
export const workingFolder = orUndefined(() => process.cwd());
/** Undefined without HOME and without an entry in the passwd database, as for `docker run --user 54321`. */
export const homeFolder = orUndefined(homedir);
/** Where the system wants temporary files; it need not exist. */
export const temporaryFolder = orUndefined(tmpdir) ?? '/tmp';

function orUndefined(ask: () => string): string | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
