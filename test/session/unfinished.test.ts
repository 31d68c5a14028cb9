import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { beginUnfinished, resumeText, unfinishedText } from '../../dist/src/session/unfinished.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it('an error prints how to resume, and whether any block is kept', async () => {
  expect(unfinishedText()).toBeUndefined();
  const path = join(folder.path, 'report');
  await mkdir(path);
  beginUnfinished(path);
  expect(unfinishedText()).toBeUndefined();
  await writeFile(join(path, 'journal.json'), '{}');
  const samples = join(path, 'samples.ndjson');
  await writeFile(samples, '');
  expect(unfinishedText()).toBe(`Its calibration is kept. To resume: lanewise run --resume '${path}'`);
  await writeFile(samples, '{"cell":"work/event-loop","wallMs":1}\n');
  expect(unfinishedText()).toBe(`The blocks measured so far are kept. To resume: lanewise run --resume '${path}'`);
});

it('the command that resumes can be pasted into a shell, whatever the folder is called', () => {
  expect(resumeText("it's mine")).toBe(String.raw`lanewise run --resume 'it'\''s mine'`);
});

it.each([
  ['thrown by a command', 'process.stdout.write = () => { throw new TypeError("no luck") }'],
  ['that is uncaught', 'process.stdout.write = () => { setImmediate(() => { throw new TypeError("no luck") }) }'],
])('an internal error %s exits with 70 and asks for a bug report', async (_name, code) => {
  const preload = `--import data:text/javascript,${encodeURIComponent(code)}`;
  const { status, stderr } = await lanewise(['list'], { cwd: folder.path, env: { NODE_OPTIONS: preload } });
  expect(stderr).toMatch(/^lanewise: Internal error\. Please report it on the issue tracker of Lanewise/);
  expect(stderr).toContain('TypeError: no luck');
  expect(status).toBe(70);
});
