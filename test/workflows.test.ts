import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { useTempFolder } from './support/temp-folder.ts';

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

// A shell script is started by its first line, as on no Windows.
describe.skipIf(process.platform === 'win32')('.ci/run', () => {
  const folder = useTempFolder();

  /** Runs the script in a folder of its own, on programs that only print what they were asked, and fail if it begins with this. */
  function runWith(
    failing: readonly string[],
    args: readonly string[] = [],
  ): { status: number | null; stdout: string; stderr: string } {
    const bin = join(folder.path, 'bin');
    mkdirSync(bin, { recursive: true });
    cpSync(inRoot('.ci/run'), join(folder.path, '.ci', 'run'));
    const fails = failing.map((asked) => `case "$asked" in '${asked}'*) exit 3 ;; esac`).join('\n');
    for (const name of ['node', 'npm', 'npx', 'chromium', 'redis-server']) {
      const path = join(bin, name);
      writeFileSync(path, `#!/bin/sh\nasked="${name} $*"\necho "asked: $asked"\n${fails}\nexit 0\n`);
      chmodSync(path, 0o755);
    }
    return spawnSync(join(folder.path, '.ci', 'run'), args, {
      env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}` },
      encoding: 'utf8',
    });
  }

  const CHECK = 'npm run check';
  const TESTS = 'npx vitest run';
  const PACKAGE = 'node dist/scripts/build/check-package.js --nodes 20,26';
  const SITE = 'npm run docs:build';

  it('runs the check, the tests, the package and the site each to its end, and prints all', () => {
    const { status, stdout, stderr } = runWith([CHECK, TESTS, PACKAGE, SITE]);
    for (const asked of [CHECK, TESTS, PACKAGE, SITE]) expect(stdout).toContain(`asked: ${asked}`);
    expect(status).toBe(1);
    expect(stderr).toBe('Failed: npx vitest run\nFailed: check\nFailed: check_package\nFailed: build_site\n');
  });

  it.each([CHECK, TESTS, PACKAGE, SITE])('fails if only this fails: %s', (asked) => {
    expect(runWith([asked]).status).toBe(1);
  });

  it('passes if none fails', () => {
    expect(runWith([])).toMatchObject({ status: 0, stderr: '' });
  });

  it('runs what takes long only if asked to', () => {
    expect(runWith([]).stdout).toContain(
      'asked: npx vitest run --exclude test/nightly/** --exclude test/cases/** --exclude test/alone/** --exclude test/windows/nightly/** --reporter',
    );
    const nightly = runWith([], ['--nightly']).stdout;
    expect(nightly).toContain('asked: npx vitest run --reporter');
    expect(nightly).toContain('asked: node dist/scripts/build/check-package.js --nodes 20,22,24,26\n');
    expect(runWith([], ['--all'])).toMatchObject({
      status: 2,
      stderr: 'Unknown argument --all: use none, or --nightly.\n',
    });
  });
});
