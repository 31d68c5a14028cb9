import { existsSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openHostEnvironment } from '../../dist/src/measure/scratch.js';
import { CODE_VARIABLE } from '../../dist/workers/frames.js';

it('the hosts of a run share one private folder, for temporary files and for compiled code, until it is closed', async () => {
  const { env, close } = await openHostEnvironment([]);
  const { TMPDIR = '' } = env;
  try {
    expect(env).toMatchObject({ [CODE_VARIABLE]: TMPDIR, TMP: TMPDIR, TEMP: TMPDIR });
    // What is there becomes code.
    expect((statSync(TMPDIR).mode & 0o777).toString(8)).toBe('700');
  } finally {
    await close();
  }
  expect(existsSync(TMPDIR)).toBe(false);
});
