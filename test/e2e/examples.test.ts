import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

/** As a user runs it, in a folder of its own. */
async function example(name: string): Promise<string> {
  const file = fileURLToPath(new URL(`../../examples/api/${name}`, import.meta.url));
  const env = { ...process.env, TMPDIR: folder.path, TMP: folder.path, TEMP: folder.path };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: folder.path, env });
  expect(stderr).toBe('');
  return stdout;
}

// One after the other: each takes the lock of the machine.
it.sequential('compare', async () => {
  const text = await example('compare.js');
  expect(text).toMatch(/^primes\/worker-threads@\d+: (?:faster|slower|same|inconclusive), \d/m);
  expect(text).toMatch(/^work: choose work\//m);
});

it.sequential('tune', async () => {
  expect(await example('tune.js')).toMatch(
    /^use [a-z-]+, \d+ lanes, (?:\d+|all) in flight; now compute\[ms=1\]\/worker-threads@1$/m,
  );
});

it.sequential('lessons', async () => {
  expect(await example('lessons.js')).toContain('holds');
});

it.sequential('renderHtml', async () => {
  expect(await example('render-html.js')).toMatch(/^(?:whole|cut off)$/m);
  expect(await readFile(join(folder.path, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
});
