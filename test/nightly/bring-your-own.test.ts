import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const LEAST = ['--preset', 'quick', '--rounds', '1', '-n', '6', '--no-upper-bound', '--quiet'];
const TWO_CONFIGURATIONS = ['-s', 'event-loop,worker-threads', '-p', '1', '-c', '1', '--blocks', '6'];
/** A single configuration is not compared, and needs only one block. */
const oneConfiguration = (strategy: string): readonly string[] => [
  '-s',
  strategy,
  '-p',
  '1',
  '-c',
  '1',
  '--blocks',
  '1',
];
/** Strategies on the main thread, in a thread and in a process. */
const LANES = ['event-loop', 'worker-threads', 'child-processes'];
const run = (...args: readonly string[]) => lanewise(['run', ...args, ...LEAST], { cwd: folder.path });

async function results(...args: readonly string[]): Promise<Results> {
  // A page is only made where one is read.
  const formats = args.includes('--out') ? [] : ['--format', 'json'];
  const { stdout, stderr } = await run(...args, '--json', ...formats);
  expect(stderr).toBe('');
  return allMeasured(JSON.parse(stdout) as Results);
}

/** Results of one block, which every configuration has, and no verdict. The folder is new. */
async function resultsOfBlock(out: string, ...args: readonly string[]): Promise<Results> {
  const path = join(folder.path, out);
  const words = ['run', ...args, ...LEAST, '--out', out];
  const { status, stderr } = await lanewise(words, { cwd: folder.path, firstBlockIn: path });
  expect([0, 130], stderr).toContain(status);
  return allMeasured(JSON.parse(await readFile(join(path, 'results.json'), 'utf8')) as Results);
}

function allMeasured(found: Results): Results {
  expect(found.cells.filter(({ status }) => status !== 'ok')).toEqual([]);
  return found;
}

/** Whether Node itself loads TypeScript, without a loader. */
const STRIPS_TYPES = 'typescript' in process.features && process.features.typescript !== false;

/** As `npm install tsx` would, beside the module. */
async function installTsx(beside: string): Promise<void> {
  const modules = join(folder.path, beside, 'node_modules');
  await mkdir(modules, { recursive: true });
  await symlink(fileURLToPath(new URL('../../node_modules/tsx', import.meta.url)), join(modules, 'tsx'), 'junction');
}

describe('an unchanged worker file', () => {
  it('runs in every strategy, with inputs, workerData, a named export and moved objects', async () => {
    await folder.file(
      'wörker.mjs',
      `import { workerData } from 'node:worker_threads';
      import { move } from '${import.meta.resolve('piscina')}';
      const { fill } = workerData;
      export const blank = ({ width }) => move(new Uint8Array(width).fill(fill));`,
    );
    await folder.file('sizes.ndjson', '{"width": 10}\n{"width": 20}\n{"width": 30}\n');
    const found = await results(
      './wörker.mjs#blank',
      '--inputs',
      'sizes.ndjson',
      '--worker-data',
      '{"fill": 7}',
      '-p',
      '2',
      '-c',
      '1',
      '--blocks',
      '8',
    );
    expect(found.cells.map(({ strategy }) => strategy)).toHaveLength(6);
    expect(found.workloads[0]).toMatchObject({ name: 'wörker#blank', source: 'wörker.mjs#blank' });
  });

  it('may be CommonJS in a package', async () => {
    await mkdir(join(folder.path, 'node_modules', 'pkg'), { recursive: true });
    await folder.file('node_modules/pkg/package.json', '{"name": "pkg", "version": "1.0.0"}');
    await folder.file('node_modules/pkg/worker.js', 'exports.twice = (n) => n * 2;');
    const found = await results('pkg/worker#twice', '--input', '4', ...oneConfiguration('worker-threads'));
    expect(found.workloads[0]?.source).toBe('pkg/worker#twice');
  });

  it('may be TypeScript, or is refused with a remedy', async () => {
    const file = await folder.file('typed.ts', 'export default (n: number): number => n * 2;');
    const { stderr } = await run(file, '--input', '4', ...oneConfiguration('worker-threads'));
    expect(stderr).toMatch(
      STRIPS_TYPES ? /^$/ : /install tsx beside it \(npm install --save-dev tsx\), use Node 22\.18 or later/,
    );
  });

  it('may be TypeScript of any kind if tsx is installed, even in threads and processes', async () => {
    await installTsx('typed');
    const source = 'enum Factor { Two = 2 }\nexport const twice = (n: number): number => n * Factor.Two;\n';
    for (const name of ['enums.mts', 'more-enums.cts']) await folder.file(`typed/${name}`, source);
    const both = ['./typed/enums.mts#twice', './typed/more-enums.cts#twice'];
    for (const lanes of LANES) {
      const { cells } = await results(...both, '--input', '4', ...oneConfiguration(lanes));
      expect(cells).toHaveLength(2);
    }
  });

  it('can be resumed after an interrupted run', async () => {
    await folder.file('slow.mjs', 'export const wait = (ms) => new Promise((done) => setTimeout(done, ms, ms));');
    const words = ['run', './slow.mjs#wait', '--input', '30', ...TWO_CONFIGURATIONS, ...LEAST, '--out', 'cut'];
    const cut = await lanewise(words, { cwd: folder.path, firstBlockIn: join(folder.path, 'cut') });
    expect(cut.status).toBe(130);
    const whole = await lanewise(['run', '--resume', 'cut', '--quiet'], { cwd: folder.path });
    expect(whole.stderr).toBe('');
    expect(whole.status).toBe(0);
  });
});

describe('runtimes with --runtime and --node-option', () => {
  it('make the flags of Node an axis of the cells, and are named in the report', async () => {
    const file = await folder.file('flags.mjs', "export default () => 'same everywhere';");
    const found = await resultsOfBlock(
      'flags',
      file,
      '--node-option=',
      '--node-option=--no-opt',
      '-s',
      'worker-threads',
      '-p',
      '1',
      '-c',
      '1',
      '--blocks',
      '6',
    );
    const ids = found.cells.map(({ id }) => id.replace('flags/', ''));
    expect(ids).toEqual(['worker-threads@1~no-flags', 'worker-threads@1~--no-opt']);
    expect(found.runtimes?.map(({ label, flags }) => [label, flags])).toEqual([
      ['no-flags', []],
      ['--no-opt', ['--no-opt']],
    ]);
  });

  it('reach the processes and threads in which tasks run', async () => {
    const file = await folder.file(
      'flags.mjs',
      'export default () => { if (!process.execArgv.includes("--no-opt")) throw new Error("flag lost"); return 1; };',
    );
    for (const lanes of LANES) {
      const { cells } = await results(file, '--node-option=--no-opt', ...oneConfiguration(lanes));
      expect(cells.map(({ runtime }) => runtime)).toEqual([undefined]);
    }
  });

  it('are named by the version of Node if there is one', async () => {
    const { stdout, status } = await run('noop', '--runtime', process.execPath, ...oneConfiguration('event-loop'));
    expect(status).toBe(0);
    const major = process.version.slice(1).split('.')[0];
    expect(stdout).toContain(`the event loop on Node ${major}`);
    expect(stdout).not.toContain(process.execPath);
  });
});

describe('lanewise init', () => {
  const init = (...args: readonly string[]) => lanewise(['init', ...args], { cwd: folder.path });

  it.each([
    [['first.mjs'], 'cpu'],
    [['nested/second.js', '--io'], 'io'],
  ])('writes a workload that runs, and prints how to run it: %j', async (args, bound) => {
    const { status, stdout } = await init(...args);
    expect(status).toBe(0);
    const [path] = /lanewise run (\S+)/.exec(stdout)?.slice(1) ?? [];
    const found = await results(path ?? '', ...oneConfiguration('worker-threads'));
    expect(found.workloads[0]?.bound).toBe(bound);
  });

  it('writes TypeScript without type errors', async () => {
    await Promise.all([init('--typescript'), init('--typescript', '--io', 'waiting.ts')]);
    const text = await readFile(join(folder.path, 'workload.mts'), 'utf8');
    expect(text).toContain("import type { WorkloadDefinition } from 'lanewise';");
    expect(text).toContain('satisfies WorkloadDefinition');
  });

  it.each([
    [['there.mjs'], 'there.mjs exists and is not overwritten'],
    [['work.json'], 'Invalid file name work.json'],
    [['work.mjs', '--typescript'], 'Invalid file name work.mjs: with --typescript use .mts or .ts.'],
    [['--cpu', '--io'], 'Give either --cpu or --io, and not both.'],
  ])('refuses with one sentence: %j', async (args, sentence) => {
    await writeFile(join(folder.path, 'there.mjs'), 'mine');
    const { status, stderr } = await init(...args);
    expect(status).toBe(2);
    expect(stderr).toContain(sentence);
    expect(await readFile(join(folder.path, 'there.mjs'), 'utf8')).toBe('mine');
  });
});

it('takes a workload by its file URL', async () => {
  const url = pathToFileURL(await folder.file('by url.mjs', 'export const one = () => 1;')).href;
  expect((await results(`${url}#one`, ...oneConfiguration('event-loop'))).workloads[0]?.name).toBe('by url#one');
});

describe('a configuration file', () => {
  it('defines suites, and flags override it', async () => {
    await mkdir(join(folder.path, 'configured', 'below'), { recursive: true });
    await folder.file('configured/half.mjs', 'export default (n) => n / 2;');
    await folder.file(
      'configured/lanewise.config.mjs',
      `export default {
        strategies: ['event-loop', 'worker-threads'], poolSizes: [1], concurrency: [1], preset: 'quick', rounds: 1, upperBound: false,
        suites: { halves: { workloads: ['./half.mjs'], inputs: [2, 4], tasks: 4, blocks: 7, out: 'halves', formats: ['json'] } },
      };`,
    );
    const cwd = join(folder.path, 'configured', 'below');
    const { status, stderr } = await lanewise(['run', '--suite', 'halves', '--blocks', '6', '--quiet'], { cwd });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const found = JSON.parse(await readFile(join(cwd, '..', 'halves', 'results.json'), 'utf8')) as Results;
    expect(found.workloads.map(({ name }) => name)).toEqual(['half']);
    expect(found.options).toMatchObject({ blocks: 6, rounds: 1, preset: 'quick' });
    expect(found.cells.map(({ strategy }) => strategy)).toEqual(['event-loop', 'worker-threads']);
  });

  it.skipIf(STRIPS_TYPES)('may be TypeScript if tsx is installed', async () => {
    const cwd = join(folder.path, 'typed-config');
    await mkdir(cwd);
    const config = "{ workloads: ['noop'], strategies: ['event-loop'], blocks: 1, rounds: 1, tasks: 4 }";
    await folder.file('typed-config/lanewise.config.ts', `export default ${config} satisfies object;`);
    const without = await lanewise(['run', '--quiet'], { cwd });
    expect(without.status).toBe(2);
    expect(without.stderr).toMatch(
      /lanewise\.config\.ts is TypeScript, which Node v\S+ does not run by itself: install tsx/,
    );
    await installTsx('typed-config');
    const { status, stdout, stderr } = await lanewise(['run', '--quiet', '--json'], { cwd });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect((JSON.parse(stdout) as Results).cells.map(({ id }) => id)).toEqual(['noop/event-loop']);
  });
});

it('prints a script for the shell’s completion', async () => {
  const { status, stdout } = await lanewise(['completion'], { cwd: folder.path });
  expect(status).toBe(0);
  expect(stdout).toContain('###-begin-lanewise-completions-###');
  const words = await lanewise(['--get-yargs-completions', 'lanewise', 'run', '--pool'], { cwd: folder.path });
  expect(words.stdout).toContain('--pool-size');
});

describe('a custom strategy', () => {
  const example = (name: string): string =>
    fileURLToPath(new URL(`../../examples/strategies/${name}`, import.meta.url));

  it('is measured beside the others, and has its own name', async () => {
    const strategies = `worker-threads,${example('raw-worker-threads.js')},${example('node-cluster.js')}`;
    const found = await resultsOfBlock('own', 'echo', '-s', strategies, '-p', '2', '-c', '1', '--blocks', '7');
    expect(found.cells.map(({ id, laneKind }) => [id, laneKind])).toEqual([
      ['echo/worker-threads@2', undefined],
      ['echo/raw-worker-threads@2', 'thread'],
      ['echo/node-cluster@2', 'process'],
    ]);
    expect(found.options).toMatchObject({
      strategies: ['worker-threads', 'raw-worker-threads', 'node-cluster'],
      baseline: 'worker-threads',
    });
    const page = await readFile(join(folder.path, 'own', 'index.html'), 'utf8');
    expect(page).toContain('raw-worker-threads');
    expect(JSON.stringify(found)).not.toContain('examples');
  });

  it('opens its pool on the main thread, though the host has loaded the workload for its inputs', async () => {
    const careful = await folder.file(
      'careful.mjs',
      `import { isMainThread, parentPort } from 'node:worker_threads';
       import { answer } from '${import.meta.resolve('lanewise/lane')}';
       import { poolStrategy } from '${import.meta.resolve('lanewise/strategy')}';
       const openPool = () => {
         if (!isMainThread || parentPort !== null) throw new Error('a pool cannot be started from its own worker');
         return { call: async (message) => answer(message), close: () => undefined };
       };
       export default poolStrategy({ name: 'careful', lanes: 'thread', openPool });`,
    );
    const found = await results('echo', '-s', `event-loop,${careful}`, '-p', '1', '-c', '1', '--blocks', '6');
    expect(found.cells.map(({ strategy, status }) => `${strategy} ${status}`)).toEqual(['event-loop ok', 'careful ok']);
  });

  it('may run its tasks on the event loop, and is tuned beside the others', async () => {
    const strategies = `event-loop,${example('turn-by-turn.js')},${example('raw-worker-threads.js')}`;
    const limits = '-p 1 -c 1 -n 6 --blocks 8 --rounds 1 --no-upper-bound --quiet --json'.split(' ');
    const { stdout, stderr } = await lanewise(['tune', 'echo', '-s', strategies, ...limits], { cwd: folder.path });
    expect(stderr).toBe('');
    const found = JSON.parse(stdout) as Results;
    expect(new Set(found.cells.map(({ strategy, status }) => `${strategy} ${status}`))).toEqual(
      new Set(['event-loop ok', 'turn-by-turn ok', 'raw-worker-threads ok']),
    );
    expect(found.tuning?.choose).toMatch(/^echo\//);
  });

  it.skipIf(STRIPS_TYPES)('may be TypeScript if tsx is installed; otherwise the error has the remedy', async () => {
    const source = (await readFile(example('turn-by-turn.js'), 'utf8'))
      .replaceAll(/'lanewise\/(\w+)'/g, (_, name: string) => `'${import.meta.resolve(`lanewise/${name}`)}'`)
      .replace('const records = [];', 'const records: unknown[] = [];');
    await mkdir(join(folder.path, 'bare'));
    const bare = await folder.file('bare/typed.ts', source);
    const { stderr, status } = await lanewise(['run', 'noop', '-s', `event-loop,${bare}`], {
      cwd: join(folder.path, 'bare'),
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/The strategy typed\.ts is TypeScript, which Node v\S+ does not run by itself: install tsx/);
    await installTsx('bare');
    const found = await results('noop', '-s', `event-loop,${bare}`, '-c', '1', '--blocks', '6');
    expect(found.cells.map(({ strategy }) => strategy)).toEqual(['event-loop', 'turn-by-turn']);
  });

  it('is omitted, and named, if its package is missing', async () => {
    await folder.file('absent.mjs', "import 'no-such-pool';");
    const { stdout, status } = await run('noop', '-s', 'event-loop,./absent.mjs', '--blocks', '1');
    expect(status).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'The strategy absent was left out: it needs the package no-such-pool, which is not installed (npm install no-such-pool).',
    );
  });
});
