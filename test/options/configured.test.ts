import { execFileSync } from 'node:child_process';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import timers from 'node:timers';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { withConfiguration } from '../../dist/src/options/configured.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
afterEach(async () => {
  for (const ending of ['js', 'mjs', 'ts', 'json'])
    await rm(join(folder.path, `lanewise.config.${ending}`), { force: true });
});

/** As if Lanewise were started in this folder below the one with the file. */
async function inFolder(below = '.'): Promise<void> {
  const before = process.cwd();
  await mkdir(join(folder.path, below), { recursive: true });
  process.chdir(join(folder.path, below));
  onTestFinished(() => process.chdir(before));
}

/** Also what is imported from node:timers, which Vitest leaves as it is. */
function useFakeTimeouts(): void {
  const { setTimeout: set, clearTimeout: clear } = timers;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  Object.assign(timers, { setTimeout, clearTimeout });
  syncBuiltinESMExports();
  onTestFinished(() => {
    vi.useRealTimers();
    Object.assign(timers, { setTimeout: set, clearTimeout: clear });
    syncBuiltinESMExports();
  });
}

const write = (config: object): Promise<string> => folder.file('lanewise.config.json', JSON.stringify(config));

describe('a configuration file', () => {
  it('a configuration file is found in a folder above, and its paths start from its folder', async () => {
    await mkdir(join(folder.path, 'bench'), { recursive: true });
    await writeFile(join(folder.path, 'bench', 'work.mjs'), '');
    await folder.file(
      'lanewise.config.mjs',
      "export default { workloads: ['./bench/work.mjs#one', 'bench/work.mjs', 'primes', 'pkg/worker'], poolSizes: [1, 'cores'], out: 'report' };",
    );
    await inFolder('a/b');
    expect(await withConfiguration('run', {})).toEqual({
      workloads: ['../../bench/work.mjs#one', '../../bench/work.mjs', 'primes', 'pkg/worker'],
      poolSizes: [1, { perCore: 1 }],
      out: '../../report',
    });
  });

  it.each([
    ['a-big-number', 'export default { input: 10n };', 'BigInt'],
    ['an-object-in-itself', 'const input = {}; input.self = input; export default { input };', 'circular'],
    ['a-field-that-throws', 'export default { get blocks() { throw new Error("not today"); } };', 'not today'],
  ])('a configuration file with %s is refused in a sentence', async (what, text, why) => {
    await inFolder(what);
    await writeFile('lanewise.config.mjs', text);
    await expect(withConfiguration('run', {})).rejects.toThrow(
      new RegExp(`^lanewise\\.config\\.mjs holds what JSON cannot \\(.*${why}.*\\): settings are kept as JSON\\.`),
    );
  });

  it.each([
    ['never-loaded', 'await new Promise(() => {});'],
    ['never-there', 'export default { then: () => {} };'],
  ])('a configuration file that is %s is not waited for', async (what, text) => {
    useFakeTimeouts();
    await inFolder(what);
    await writeFile('lanewise.config.mjs', text);
    const found = withConfiguration('run', {}).then(() => 'found', String);
    await vi.waitFor(() => expect(vi.getTimerCount()).toBeGreaterThan(0));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await found).toContain(
      'lanewise.config.mjs cannot be loaded: it did not finish within 10 s, and may wait for something that never comes.',
    );
  });

  it.runIf(process.platform !== 'win32')('a configuration file that is a pipe is refused', async () => {
    execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder.path, 'lanewise.config.mjs')]);
    await inFolder();
    await expect(withConfiguration('run', {})).rejects.toThrow(
      /lanewise\.config\.mjs is not a regular file, so it is not used\. Remove it; --no-config ignores it\.$/,
    );
    expect(await withConfiguration('run', { config: false })).toEqual({ config: false });
  });

  it.runIf(process.geteuid?.() === 0)('a configuration file of another user in a folder above is not run', async () => {
    const path = await folder.file('lanewise.config.mjs', 'globalThis.wasRun = true; export default {};');
    await chown(path, 54_321, 54_321);
    await inFolder('x/y');
    await expect(withConfiguration('run', {})).rejects.toThrow(
      'lanewise.config.mjs belongs to another user (uid 54321), so it is not used. If you trust it, `chown` it to you; --no-config',
    );
    expect(globalThis).not.toHaveProperty('wasRun');
  });

  it('flags override a suite, which overrides the other settings of a configuration file', async () => {
    await write({
      preset: 'quick',
      tasks: 4,
      params: { ms: [1, 5], bytes: 10 },
      input: { n: 1 },
      timeoutMs: 1500,
      upperBound: false,
      suites: { api: { tasks: 8, workloads: ['http'] } },
    });
    await inFolder();
    expect(await withConfiguration('run', {})).toEqual({
      preset: 'quick',
      tasks: 4,
      params: { ms: [1, 5], bytes: [10] },
      input: { n: 1 },
      timeoutMs: 1500,
      upperBound: false,
    });
    const suite = await withConfiguration('run', { suite: 'api' });
    expect(suite).toMatchObject({ tasks: 8, workloads: ['http'], preset: 'quick' });
    const flags = { tasks: 2, workloads: ['echo'], inputs: [5], params: { ms: [2] } };
    const both = await withConfiguration('run', { ...flags, suite: 'api' });
    expect(both).toMatchObject({ tasks: 2, workloads: ['echo'], inputs: [5], params: { ms: [2], bytes: [10] } });
    expect(both).not.toHaveProperty('input');
  });

  it('only the settings of a configuration file that tune has apply to it', async () => {
    await write({ preset: 'quick', baseline: 'sequential', workloads: ['http'], uvThreads: 8, out: 'report' });
    await inFolder();
    expect(await withConfiguration('tune', { workload: 'echo' })).toEqual({
      workload: 'echo',
      preset: 'quick',
      out: './report',
    });
  });

  it('the settings of a configuration file that load has apply to it, and those in load override them', async () => {
    await mkdir(join(folder.path, 'bench'), { recursive: true });
    await writeFile(join(folder.path, 'bench', 'work.mjs'), '');
    await write({
      workloads: ['./bench/work.mjs'],
      preset: 'quick',
      poolSizes: [4],
      rounds: 9,
      out: 'report',
      formats: ['csv'],
      load: { objective: 'p99<=50ms', poolSizes: [2], formats: ['md'] },
      suites: {
        api: { preset: 'rigorous', load: { workload: 'bench/work.mjs#one', rates: [40], out: 'api' } },
        several: { workloads: ['primes', 'json'] },
        versions: { workloads: ['./bench/work.mjs', './new.mjs'], versus: true },
      },
    });
    await inFolder('below');
    const common = { poolSizes: [2], objective: { quantile: 'p99', ms: 50 }, formats: ['md'] };
    expect(await withConfiguration('load', {})).toEqual({
      ...common,
      workload: ['../bench/work.mjs'],
      preset: 'quick',
    });
    expect(await withConfiguration('load', { suite: 'api', rates: [80] })).toEqual({
      ...common,
      suite: 'api',
      workload: ['../bench/work.mjs#one'],
      preset: 'rigorous',
      rates: [80],
      out: '../api',
    });
    expect(await withConfiguration('load', { suite: 'several' })).not.toHaveProperty('workload');
    expect(await withConfiguration('load', { suite: 'versions' })).toMatchObject({
      workload: ['../bench/work.mjs', '../new.mjs'],
      versus: true,
    });
    expect(await withConfiguration('run', {})).not.toHaveProperty('objective');
  });

  it('a configuration file is not read with --no-config or --resume', async () => {
    await write({ preset: 'quick' });
    await inFolder();
    for (const flags of [{ config: false }, { resume: 'lanewise-report' }])
      expect(await withConfiguration('run', flags)).toEqual(flags);
  });

  it.each([
    [{ pool: [1] }, 'lanewise.config.json: unknown setting "pool".'],
    [{ strategy: ['event-loop'] }, 'unknown setting "strategy". Did you mean "strategies"?'],
    [
      { suites: { api: { block: 3 } } },
      'lanewise.config.json, suite "api": unknown setting "block". Did you mean "blocks"?',
    ],
    [{ blocks: 0 }, 'lanewise.config.json: Invalid "blocks" "0": expected a whole number from 1 to 10000.'],
    [{ blocks: 'many' }, 'lanewise.config.json: "blocks" must be a number, and is "many".'],
    [{ poolSizes: 4 }, '"poolSizes" must be a list, in [ ], of texts or numbers, and is 4.'],
    [{ input: 1, inputs: [1] }, '"input" is for every task, "inputs" has one for each. Give one of them.'],
    [{ formats: 'html' }, '"formats" must be a list, in [ ], of texts or numbers, and is "html".'],
    [{ objective: 'p99<=50ms' }, 'lanewise.config.json: unknown setting "objective".'],
    [{ load: { objective: 'p99' } }, 'lanewise.config.json, load: Invalid "objective" "p99"'],
    [{ load: { tasks: 4 } }, 'lanewise.config.json, load: unknown setting "tasks".'],
    [{ suites: { api: { load: 'fast' } } }, 'lanewise.config.json, suite "api": "load" must be an object.'],
    [{ suites: ['api'] }, '"suites" must be an object of suites by name.'],
    [[], 'lanewise.config.json must contain an object.'],
  ])('an invalid configuration file is refused in a sentence with the nearest name: %j', async (config, sentence) => {
    await write(config);
    await inFolder();
    await expect(withConfiguration('run', {})).rejects.toThrow(sentence);
  });

  it('a configuration file that cannot be loaded, or a second one beside it, is refused', async () => {
    await inFolder();
    await folder.file('lanewise.config.json', '{');
    await expect(withConfiguration('run', {})).rejects.toThrow('lanewise.config.json is not JSON, or was truncated');
    await folder.file('lanewise.config.mjs', 'export default {};');
    await expect(withConfiguration('run', {})).rejects.toThrow(
      'Both lanewise.config.mjs and lanewise.config.json are in',
    );
  });

  it('a configuration file that its package.json makes CommonJS has the remedy', async () => {
    await inFolder();
    await folder.file('package.json', '{ "type": "commonjs" }');
    await folder.file('lanewise.config.js', 'export default {};');
    await expect(withConfiguration('run', {})).rejects.toThrow(
      /^lanewise\.config\.js cannot be loaded: .* It is an ES module: name it \.mjs, or put "type": "module" into/,
    );
  });

  it('an unknown suite is refused with the nearest name', async () => {
    await inFolder();
    await expect(withConfiguration('run', { suite: 'api' })).rejects.toThrow('there is no configuration file');
    await write({ suites: { api: {} } });
    await expect(withConfiguration('run', { suite: 'apy' })).rejects.toThrow(
      'Unknown suite "apy" in lanewise.config.json. Did you mean "api"? Use api.',
    );
  });
});
