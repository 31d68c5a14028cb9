/**
 * Builds `dist`: compiles into a folder beside it, and puts that in its place only if everything compiled, file by file.
 *
 *   npm run build
 *
 * A build of unchanged sources touches nothing, so that a measurement which runs from `dist` meanwhile is not disturbed. Where sources have changed, what it
 * loads from then on (modules on first use, the processes of later blocks) is new: no file is missing, and the run ends with a sentence (`measure/locate-module.ts`).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaceFolder } from './replace-folder.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TSC = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
/** The command: npm makes it executable only when it links it, and not when it is built again. */
const COMMAND = 'src/cli/main.js';

// As deep as dist, since the schema is written to ../../docs; and on the same disk.
const next = mkdtempSync(join(ROOT, '.build-'));
try {
  for (const project of ['.', 'browser']) node(TSC, '--project', project, '--outDir', next);
  chmodSync(join(next, COMMAND), 0o755);
  node(join(next, 'scripts/build/write-schema.js'));
  const dist = join(ROOT, 'dist');
  mkdirSync(dist, { recursive: true });
  replaceFolder(next, dist);
} catch (thrown) {
  // What was wrong, the compiler has printed.
  if (!(thrown instanceof Error && 'status' in thrown)) throw thrown;
  process.exitCode = 1;
} finally {
  rmSync(next, { recursive: true, force: true });
}

function node(...args: readonly string[]): void {
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
}
