/** Gives every test file a temporary folder of its own, and with it a lock of its own: tests run beside each other, and beside measurements. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'test-'));
// As that of the system: some tests start commands as another user.
chmodSync(folder, 0o1777);
Object.assign(process.env, { TMPDIR: folder, TMP: folder, TEMP: folder });
// Other tests take CPUs, and none is about how fast something is.
process.env.LANEWISE_ALLOW_BUSY = '1';
afterAll(() => rmSync(folder, { recursive: true, force: true }));
