/**
 * Gives every process that runs tests a temporary folder of its own, and with it a lock of its own: tests run beside each
 * other, and beside measurements. What those processes start has the same environment.
 */
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { inject } from 'vitest';

const prefix = inject('tempPrefix');
// Code that is loaded once may remember it, so further files of this process have the same.
if (!tmpdir().startsWith(prefix)) {
  const folder = mkdtempSync(prefix);
  // As that of the system: some tests start commands as another user.
  chmodSync(folder, 0o1777);
  Object.assign(process.env, { TMPDIR: folder, TMP: folder, TEMP: folder });
}
// Other tests take CPUs, and none is about how fast something is.
process.env.LANEWISE_ALLOW_BUSY = '1';
// Node 20 reads these at every start of a process (docs/method.md has how long), and no test asks a server that needs them.
delete process.env.NODE_EXTRA_CA_CERTS;
