import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startProgram } from '../support/run-program.js';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

it.each([
  ['18.20.8', 2],
  ['20.18.3', 2],
  ['20.19.0', 0],
  ['21.0.0', 0],
])('Node %s ends with status %i: a sentence refuses those older than the package needs', async (version, status) => {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(manifest)).toMatchObject({ engines: { node: '>=20.19' } });
  const versions = `{ ...process.versions, node: '${version}' }`;
  const older = `data:text/javascript,Object.defineProperty(process, 'versions', { value: ${versions} })`;
  const ended = await startProgram(process.execPath, ['--import', older, MAIN, '--version']).ended;
  expect(ended).toMatchObject({
    status,
    stderr: status === 0 ? '' : `lanewise: This is Node ${version}, and Lanewise needs 20.19 or later.\n`,
  });
});
