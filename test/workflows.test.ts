import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const inRoot = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const read = (path: string): string => readFileSync(inRoot(path), 'utf8');
const WORKFLOWS = readdirSync(inRoot('.github/workflows')).map((name) => `.github/workflows/${name}`);

describe('actions of others', () => {
  it.each([...WORKFLOWS, 'action.yml', 'docs/ci.md'])(
    'are pinned to a commit, with its tag beside it, in %s',
    (path) => {
      const used = [...read(path).matchAll(/\buses: (actions\/.*)/g)].map(([, action]) => action);
      expect(used.length).toBeGreaterThan(0);
      for (const action of used) expect(action).toMatch(/^actions\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    },
  );

  it('are each of one version everywhere', () => {
    const versions = new Map<string, Set<string>>();
    for (const path of [...WORKFLOWS, 'action.yml', 'docs/ci.md']) {
      for (const [, name = '', version = ''] of read(path).matchAll(/\buses: (actions\/[\w-]+)[\w/-]*@(.*)/g))
        versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
    for (const [name, found] of versions) expect([name, found.size]).toEqual([name, 1]);
    expect(versions.size).toBe(4);
  });
});

describe('workflows', () => {
  it.each(WORKFLOWS)('may only read the repository: %s', (path) => {
    expect(read(path)).toContain('\npermissions:\n  contents: read\njobs:\n');
    expect(read(path)).not.toContain('pull_request_target');
  });
});
