/**
 * Runs a file of this folder with code that Node has compiled before: `node precompiled.cjs <file>`. The first process
 * of a run with a file leaves its code for the others as it ends, with all functions that it has used.
 *
 * Not by Node's own compile cache, which Node 20 does not have, and which would also hold the modules of users.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { CODE_VARIABLE, LAST_EVENT } from './frames.ts';

// From now on as if it had been started by itself.
process.argv.splice(1, 1);
const [, file = ''] = process.argv;
// V8 takes code for any file of that length, and a task may use another Lanewise: the path of its code has that of the
// file (a drive's colon would end it). Another V8 could not read it; one with other flags rejects it, and compiles the file.
const kept = join(
  process.env[CODE_VARIABLE] ?? '',
  `${file.replace(/^(\w):/, '$1')}-${process.versions.v8}-${process.arch}`,
);
const cachedData = codeIn(kept);
const script = new Script(`(function (module, __filename) {${readFileSync(file, 'utf8')}\n})`, {
  filename: file,
  ...(cachedData && { cachedData }),
});
if (cachedData === undefined) {
  // Before any other listener: the last of them may kill this process.
  process.once('exit', keep);
  process.once(LAST_EVENT, keep);
}

// Code that was compiled before cannot import by itself on Node 20: it has lost its connection to the loader.
const module = { exports: {}, importing: (url: string): Promise<unknown> => import(url) };
(script.runInThisContext() as (module: object, path: string) => void)(module, file);

function codeIn(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}

function keep(): void {
  // Others may be ending at the same time, and others again be reading.
  const own = `${kept}-${process.pid}`;
  try {
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, script.createCachedData());
    renameSync(own, kept);
  } catch {
    // The run has ended and its folder is gone, or the disk is full: nothing depends on it.
  }
}
