/** Pastes the code that `tune` prints into a project with only Lanewise, Piscina and BullMQ, and runs it. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatIn } from '../../dist/src/flow/tuned-module.js';
import type { Deployment, MeasuredWith } from '../../dist/src/report/tuning/deployment.js';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import { settingCode } from '../../dist/src/report/tuning/setting-code.js';
import { lanewise } from '../support/lanewise.js';
import { runProgram, startProgram } from '../support/run-program.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FORMATS = ['esm', 'cjs'] as const;

/** A project in its own folder, with its own package.json. */
async function project(format: 'esm' | 'cjs'): Promise<string> {
  const path = join(folder.path, `a ${format} project #1 %20`);
  await mkdir(join(path, 'src', 'my workers'), { recursive: true });
  await mkdir(join(path, 'node_modules', 'some-work'), { recursive: true });
  const type = format === 'esm' ? '"type": "module", ' : '';
  const files = {
    'package.json': `{ ${type}"name": "empty", "private": true }`,
    'src/my workers/esm.mjs': 'export default ({ n }) => n * 2; export const thrice = async ({ n }) => n * 3;',
    'src/my workers/common.cjs': 'module.exports = ({ n }) => n * 2; module.exports.thrice = ({ n }) => n * 3;',
    'src/my workers/compiled.cjs':
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = ({ n }) => n * 2;",
    'src/my workers/promised#1.cjs': 'module.exports = (async () => ({ n }) => n * 2)();',
    'src/my workers/described.mjs': `export default {
      params: { by: 1 }, services: [],
      input: async ({ index, params }) => ({ n: index * params.by }),
      setup: async ({ params }) => ({ factor: 2 * params.by }),
      task: async ({ n }, { state, params, yieldToLoop }) => { await yieldToLoop(); return (n / params.by) * state.factor / params.by; },
      transfer: () => [],
    };`,
    'src/my workers/typed.ts': 'export function twice({ n }: { readonly n: number }): number { return n * 2; }',
    'node_modules/some-work/package.json': '{ "name": "some-work", "exports": { "./double": "./double.js" } }',
    'node_modules/some-work/double.js': 'module.exports = ({ n }) => n * 2;',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  await symlink(ROOT, join(path, 'node_modules', 'lanewise'), 'junction');
  await symlink(join(ROOT, 'node_modules', 'piscina'), join(path, 'node_modules', 'piscina'), 'junction');
  await symlink(join(ROOT, 'node_modules', 'bullmq'), join(path, 'node_modules', 'bullmq'), 'junction');
  await symlink(join(ROOT, 'node_modules', 'tsx'), join(path, 'node_modules', 'tsx'), 'junction');
  return path;
}

const projects = new Map<string, string>();
beforeAll(async () => {
  for (const format of FORMATS) projects.set(format, await project(format));
});

const MEASURED: MeasuredWith = { tasks: 8, params: {}, atomics: 'sync', flags: [], piscina: '5.3.2' };
const SETTINGS = [
  ['the event loop', { strategy: 'event-loop', poolSize: 1, concurrency: 'all' }],
  ['a limited event loop', { strategy: 'event-loop', poolSize: 1, concurrency: 2 }],
  ['one after the other', { strategy: 'sequential', poolSize: 1, concurrency: 1 }],
  ['worker threads', { strategy: 'worker-threads', poolSize: 2, concurrency: 'all' }],
  ['child processes', { strategy: 'child-processes', poolSize: 2, concurrency: 4, uvThreads: 8 }],
  ['a thread for each task', { strategy: 'thread-per-task', poolSize: 2, concurrency: 1 }],
  ['a process for each task', { strategy: 'process-per-task', poolSize: 2, concurrency: 1 }],
] as const;

const inputs = [{ n: 1 }, { n: 2 }, { n: 3 }];
const at = (name: string): string => `./src/my workers/${name}`;
/** In a CommonJS project, tsx compiles it to CommonJS. */
const STEPS_OF_TYPED = ['default', 'twice'];
const WORKERS: readonly (readonly [string, Pick<Deployment, 'module' | 'steps'> & Partial<Deployment>, number[]])[] = [
  ['an ES module', { module: at('esm.mjs'), steps: ['default'], inputs }, [2, 4, 6]],
  ['a named export', { module: at('esm.mjs'), exportName: 'thrice', steps: ['thrice'], inputs }, [3, 6, 9]],
  ['a CommonJS module', { module: at('common.cjs'), steps: ['default'], inputs }, [2, 4, 6]],
  [
    'a function of a function',
    { module: at('common.cjs'), exportName: 'thrice', steps: ['default', 'thrice'], inputs },
    [3, 6, 9],
  ],
  ['a compiled module', { module: at('compiled.cjs'), steps: ['default', 'default'], inputs }, [2, 4, 6]],
  ['a promise of a function', { module: at('promised#1.cjs'), steps: ['default', 'await'], inputs }, [2, 4, 6]],
  [
    'TypeScript',
    { module: at('typed.ts'), exportName: 'twice', steps: STEPS_OF_TYPED, needsTsx: true, inputs },
    [2, 4, 6],
  ],
  ['a package', { module: 'some-work/double', isPackage: true, steps: ['default'], inputs }, [2, 4, 6]],
  [
    'a workload with setup and inputs',
    {
      module: at('described.mjs'),
      steps: ['default'],
      definition: { makesInputs: true, transfers: true, services: [] },
    },
    [0, 2, 4, 6, 8, 10, 12, 14],
  ],
];

type Files = readonly { readonly name: string; readonly text: string }[];

async function write(files: Files, cwd: string): Promise<void> {
  for (const { name, text } of files)
    await writeFile(
      join(cwd, name),
      text.replace("console.log(results.length, 'results');", 'console.log(results.join());'),
    );
}

async function paste(files: Files, cwd: string): Promise<string> {
  await write(files, cwd);
  const flags = /^\/\/ (?:\w+=\w+ )*node (.*)app\.js$/m.exec(files.at(-1)?.text ?? '')?.[1] ?? '';
  const args = [...flags.split(' ').filter((flag) => flag !== ''), 'app.js'];
  const { stdout, stderr } = await runProgram(process.execPath, args, { cwd });
  expect(stderr).toBe('');
  return stdout.trim();
}

const LATE_READING = `
  import { setTimeout } from 'node:timers/promises';
  import { RedisQueueBackend } from 'bullmq';
  const { readEvents } = RedisQueueBackend.prototype;
  RedisQueueBackend.prototype.readEvents = async function (...args) {
    await setTimeout(500);
    return readEvents.apply(this, args);
  };
`;

it
  .skipIf(process.platform === 'win32')
  .each(FORMATS.flatMap((format) => (['redis', 'postgres'] as const).map((server) => [server, format] as const)))(
  'the code of a queue on %s runs when pasted into a project of %s',
  async (kind, format) => {
    const cwd = projects.get(format) ?? '';
    const where = {
      module: at('described.mjs'),
      isPackage: false,
      needsTsx: false,
      format,
      steps: ['default'],
      definition: { makesInputs: true, transfers: false, services: [] },
    };
    const setting = { strategy: 'bullmq', poolSize: 1, concurrency: 2 } as const;
    const measured = { ...MEASURED, params: { by: 1 }, queueServer: kind };
    await write(settingCode(setting, where, measured), cwd);
    const server = await startQueueServer(kind);
    const env = { ...process.env, REDIS_URL: server.url, DATABASE_URL: server.url };
    const worker = startProgram(process.execPath, ['queue-worker.mjs'], { cwd, env });
    // Results of short tasks arrive before the first reading of events, at times.
    const late = join(cwd, 'late-reading.mjs');
    await writeFile(late, LATE_READING);
    try {
      const args = ['--import', pathToFileURL(late).href, 'app.mjs'];
      const { stdout } = await runProgram(process.execPath, args, { cwd, env });
      expect(stdout.trim()).toBe([0, 2, 4, 6, 8, 10, 12, 14].join());
    } catch (error) {
      worker.child.kill('SIGKILL');
      throw new Error(`The worker ended with ${inspect(await worker.ended)}`, { cause: error });
    } finally {
      worker.child.kill('SIGKILL');
      await server.close();
    }
  },
);

describe.each(FORMATS)('in a project of %s, the code', (format) => {
  const combinations = SETTINGS.flatMap(([name, setting], index) =>
    // Every kind of file for imports and for each kind of pool; otherwise one.
    WORKERS.filter((_, worker) => [0, 3, 4].includes(index) || worker === 0 || worker === WORKERS.length - 1).map(
      ([what, where, results]) => [name, what, setting, where, results] as const,
    ),
  );
  it.each(combinations)('of %s for %s runs when pasted', async (_name, _what, setting, where, results) => {
    const cwd = projects.get(format) ?? '';
    expect(formatIn(cwd)).toBe(format);
    const steps = where.steps === STEPS_OF_TYPED && format === 'esm' ? ['twice'] : where.steps;
    const deployment = { isPackage: false, needsTsx: false, format, ...where, steps };
    const files = settingCode(setting, deployment, {
      ...MEASURED,
      params: where.definition === undefined ? {} : { by: 2 },
    });
    expect(await paste(files, cwd)).toBe(results.join());
  });
});

describe('the code of lanewise tune', () => {
  const LEAST = ['-n', '4', '--blocks', '8', '--rounds', '1', '--no-upper-bound', '--seed', '1'];

  it.each([
    [
      'cjs',
      'src/my workers/common.cjs',
      'worker-threads@1,worker-threads@2',
      "require.resolve('./src/my workers/common.cjs')",
    ],
    [
      'esm',
      'src/my workers/described.mjs',
      'child-processes@1,child-processes@2',
      "new URL('./described-worker.mjs', import.meta.url)",
    ],
  ])('runs unchanged in a project of %s', async (format, worker, strategy, shown) => {
    const cwd = projects.get(format) ?? '';
    const given = worker.includes('described') ? [] : ['--input', '{"n": 21}'];
    const { stdout, stderr, status } = await lanewise(['tune', worker, ...given, '-s', strategy, ...LEAST], { cwd });
    expect(status, stderr).toBe(0);
    expect(stdout).toContain(shown);
    // The lines indented by two, up to the next heading; a file begins with its name.
    const code = stdout
      .slice(0, stdout.indexOf('What it costs'))
      .split('\n')
      .filter((line) => line === '' || line.startsWith('  '));
    const files: { name: string; text: string }[] = [];
    for (const line of code.map((text) => text.slice(2))) {
      const name = /^\/\/ ([\w-]+\.m?js)/.exec(line)?.[1];
      if (name !== undefined) files.push({ name, text: '' });
      const file = files.at(-1);
      if (file !== undefined) file.text += `${line}\n`;
    }
    expect(await paste(files, cwd)).toBe(given.length === 0 ? '0,2,4,6' : '42');
  });
});
