import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { readConfigured } from '../../dist/src/options/configured.js';
import { runRequestOf, tuningRequestOf } from '../../dist/src/options/request-of-args.js';
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

const write = (config: object): Promise<string> => folder.file('lanewise.config.json', JSON.stringify(config));

describe('a configuration file', () => {
  it('is found upwards, and its paths are seen from where it is', async () => {
    await mkdir(join(folder.path, 'bench'), { recursive: true });
    await writeFile(join(folder.path, 'bench', 'work.mjs'), '');
    await folder.file(
      'lanewise.config.mjs',
      "export default { workloads: ['./bench/work.mjs#one', 'bench/work.mjs', 'primes', 'pkg/worker'], poolSizes: [1, 'cores'], out: 'report' };",
    );
    await inFolder('a/b');
    const { request, output } = await readConfigured({});
    expect(request).toEqual({
      workloads: ['../../bench/work.mjs#one', '../../bench/work.mjs', 'primes', 'pkg/worker'],
      poolSize: ['1', 'cores'],
    });
    expect(output).toEqual({ out: '../../report' });
  });

  it('says what flags do not, and a suite goes before what stands beside the suites', async () => {
    await write({
      preset: 'quick',
      tasks: 4,
      params: { ms: [1, 5], bytes: 10 },
      input: { n: 1 },
      timeoutMs: 1500,
      ceiling: false,
      suites: { api: { tasks: 8, workloads: ['http'] } },
    });
    await inFolder();
    const configured = async (args: object) => (await readConfigured(args as never)).request;
    expect(runRequestOf({}, await configured({}))).toEqual({
      preset: 'quick',
      tasks: '4',
      scans: [
        { name: 'ms', values: [1, 5] },
        { name: 'bytes', values: [10] },
      ],
      inputs: [{ n: 1 }],
      timeout: '1500ms',
      ceilingLanes: [],
    });
    expect(await configured({ suite: 'api' })).toMatchObject({ tasks: '8', workloads: ['http'], preset: 'quick' });
    const flags = { tasks: '2', workload: ['echo'], input: '5' };
    expect(runRequestOf(flags, await configured({ suite: 'api' }))).toMatchObject({
      tasks: '2',
      workloads: ['echo'],
      input: '5',
    });
    expect(runRequestOf(flags, await configured({})).inputs).toBeUndefined();
    // A tuning takes of it what is about a tuning.
    expect(tuningRequestOf({ workload: 'echo' }, { ...(await configured({})), baseline: 'sequential' })).toEqual({
      workload: 'echo',
      ...(await configured({})),
    });
  });

  it('is not read if nobody wants it, nor for a run that is gone on with', async () => {
    await write({ preset: 'quick' });
    await inFolder();
    expect((await readConfigured({ config: false })).request).toEqual({});
    expect((await readConfigured({ resume: 'lanewise-report' })).request).toEqual({});
  });

  it.each([
    [{ pool: [1] }, 'lanewise.config.json: there is no setting "pool".'],
    [{ strategy: ['event-loop'] }, 'there is no setting "strategy". Did you mean "strategies"?'],
    [
      { suites: { api: { block: 3 } } },
      'lanewise.config.json, suite "api": there is no setting "block". Did you mean "blocks"?',
    ],
    [{ blocks: 'many' }, 'lanewise.config.json: "blocks" must be a number, and is "many".'],
    [{ poolSizes: 4 }, '"poolSizes" must be a list of texts or numbers, and is 4.'],
    [{ input: 1, inputs: [1] }, 'give "input", which is for every task, or "inputs", and not both.'],
    [{ formats: 'html' }, '"formats" must be a list of texts.'],
    [{ suites: ['api'] }, '"suites" must be an object, with a suite by each name.'],
    [[], 'lanewise.config.json must hold an object.'],
  ])('is refused in a sentence that names the nearest right word: %j', async (config, sentence) => {
    await write(config);
    await inFolder();
    await expect(readConfigured({})).rejects.toThrow(sentence);
  });

  it('is refused if it cannot be loaded, or if there are two', async () => {
    await inFolder();
    await folder.file('lanewise.config.json', '{');
    await expect(readConfigured({})).rejects.toThrow('lanewise.config.json cannot be loaded: ');
    await folder.file('lanewise.config.mjs', 'export default {};');
    await expect(readConfigured({})).rejects.toThrow('Which one counts, lanewise.config.mjs or lanewise.config.json?');
  });

  it('has the suite that is asked for', async () => {
    await inFolder();
    await expect(readConfigured({ suite: 'api' })).rejects.toThrow('there is no configuration file');
    await write({ suites: { api: {} } });
    await expect(readConfigured({ suite: 'apy' })).rejects.toThrow(
      'There is no suite "apy" in lanewise.config.json. Did you mean "api"? There are: api.',
    );
  });
});
