/**
 * Builds `dist`: compiles into a folder beside it, bundles the files that lanes start from and the packages that the
 * command imports, and replaces changed files only if everything compiled.
 *
 *   npm run build [-- --if-changed]
 *
 * `--if-changed` leaves a `dist` alone that was built from the same sources, as before `npm start`.
 *
 * A build of unchanged sources touches nothing, so it does not disturb a measurement that runs from `dist`. If sources
 * have changed, such a measurement loads the new files from then on (modules on first use, processes of later blocks):
 * no file is missing, and the run ends with an error (`measure/locate-module.ts`).
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleLibraries } from './bundle-libraries.ts';
import { bundleWorkers } from './bundle-workers.ts';
import { replaceFolder } from './replace-folder.ts';
import { builtFrom } from './sources.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TSC = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');
/** The command, to be made executable: npm does that only when it links it, not after a build. */
const COMMAND = 'src/cli/main.js';

const DIST = join(ROOT, 'dist');
const built = builtFrom(ROOT, DIST);
if (process.argv.includes('--if-changed') && built.isCurrent()) process.exit();

// As deep as dist, since the schema is written to ../../docs; and on the same disk.
const next = mkdtempSync(join(ROOT, '.build-'));
try {
  for (const project of ['.', 'browser']) node(TSC, '--project', project, '--outDir', next);
  await bundleWorkers(next);
  await bundleLibraries(next);
  chmodSync(join(next, COMMAND), 0o755);
  node(join(next, 'scripts/build/write-schema.js'));
  built.forget();
  mkdirSync(DIST, { recursive: true });
  replaceFolder(next, DIST);
  built.remember();
} catch (thrown) {
  // The compiler has printed the errors.
  if (!(thrown instanceof Error && 'status' in thrown)) throw thrown;
  process.exitCode = 1;
} finally {
  rmSync(next, { recursive: true, force: true });
}

function node(...args: readonly string[]): void {
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
}
