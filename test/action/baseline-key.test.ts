import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAction } from '../support/action.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

async function keyWith(env: Readonly<Record<string, string>>): Promise<string> {
  const { output } = await runAction('baseline-key.sh', folder.path, { GITHUB_WORKFLOW: 'w', GITHUB_JOB: 'j', ...env });
  return /^key=([0-9a-f]{16})\n$/.exec(output)?.[1] ?? `none in ${JSON.stringify(output)}`;
}

describe.skipIf(process.platform === 'win32')('the key of a baseline', () => {
  it('is equal for the same step, and differs if anything about the step differs', async () => {
    const envs = [
      {},
      { GITHUB_WORKFLOW: 'other' },
      { GITHUB_JOB: 'other' },
      { LANEWISE_MATRIX: '{"node":20}' },
      { LANEWISE_MATRIX: '{"node":22}' },
      { LANEWISE_SUITE: 'a', LANEWISE_DIRECTORY: 'b-c' },
      { LANEWISE_SUITE: 'a-b', LANEWISE_DIRECTORY: 'c' },
      { LANEWISE_ARGUMENTS: '-n 4' },
      { LANEWISE_COMMAND: 'npx lanewise' },
    ];
    const keys = [];
    for (const env of envs) keys.push(await keyWith(env));
    for (const key of keys) expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(keys).size).toBe(envs.length);
    expect(await keyWith({})).toBe(keys[0]);
  });

  it('differs for another version of Node, whose times are not compared', async () => {
    const other = join(folder.path, 'bin');
    await mkdir(other, { recursive: true });
    const renamed = `#!${process.execPath}
Object.defineProperty(process.versions, 'node', { value: '99.0.0' });
new Function('require', process.argv[3])(require);
`;
    await writeFile(join(other, 'node'), renamed, { mode: 0o755 });
    expect(await keyWith({ PATH: `${other}:${process.env.PATH ?? ''}` })).not.toBe(await keyWith({}));
  });

  it('removes baselines that an earlier job left, so that only the cache has baselines', async () => {
    const key = await keyWith({});
    await mkdir(join(folder.path, '.lanewise-baseline', key), { recursive: true });
    await mkdir(join(folder.path, '.lanewise-baseline', 'another'));
    await keyWith({});
    expect(await readdir(join(folder.path, '.lanewise-baseline'))).toEqual(['another']);
  });
});
