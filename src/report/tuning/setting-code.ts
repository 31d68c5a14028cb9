import type { Cell, Options } from '../../model/results.ts';
import { present } from '../document.ts';
import { plural } from '../numbers.ts';
import {
  indented,
  json,
  paragraphs,
  quoted,
  urlPath,
  importLines,
  inputLines,
  workerFile,
  workerModule,
  type CodeFile,
  type Deployment,
  type Lines,
} from './module-code.ts';
import { traitsOf } from '../../model/strategies.ts';

type Setting = Pick<Cell, 'strategy' | 'poolSize' | 'concurrency' | 'uvThreads'>;

/** Other facts of the measurement that the code reproduces. */
export interface MeasuredWith {
  /** Tasks of a batch. */
  readonly tasks: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly atomics: Options['atomics'];
  /** Node flags of the hosts. */
  readonly flags: readonly string[];
  /** The version of Piscina; undefined: unknown. */
  readonly piscina: string | undefined;
}

/** Writes a configuration as files that run side by side in the working folder. */
export function settingCode(setting: Setting, where: Deployment, measured: MeasuredWith): readonly CodeFile[] {
  const program = programOf(setting, where, measured);
  if (program === undefined) return [ownStrategy(setting)];
  return present(workerFile(where, measured.params), appFile(program, setting, where, measured));
}

/** A comment only: the code that makes the workers of a custom strategy is the user's own. */
function ownStrategy({ strategy, poolSize, concurrency }: Setting): CodeFile {
  const each = concurrency === 'all' ? 'all tasks at once' : `at most ${plural(concurrency, 'task')} at once in each`;
  return { name: 'app.js', text: `// ${strategy}: ${plural(poolSize, 'worker')}, ${each}` };
}

/** The parts of a program that runs a list of inputs. */
interface Program {
  readonly install?: string;
  readonly imports: Lines;
  /** Made before the inputs are run: a pool or a function. */
  readonly make: Lines;
  /** The call for `input`. */
  readonly call: string;
  /** Undefined: all at once. */
  readonly atMost?: number | undefined;
  readonly end: Lines;
}

function appFile(program: Program, setting: Setting, where: Deployment, measured: MeasuredWith): CodeFile {
  const { install, imports, make, call, atMost, end } = program;
  const { top, body } = inputLines(where, measured, traitsOf(setting).laneKind === 'thread');
  const name = 'app.js';
  const start = startLine(name, setting, where, measured);
  const head = present(
    `// ${name}${start === undefined ? '' : `, started with:\n// ${start}`}`,
    install !== undefined && `// npm install ${install}`,
  ).join('\n');
  const steps = [body, make, [...runLines(call, atMost), ...end, "console.log(results.length, 'results');"]];
  const parts =
    where.format === 'esm' ? steps : [['async function main() {', ...indented(paragraphs(...steps)), '}'], ['main();']];
  return { name, text: [head, ...paragraphs([...imports, ...top], ...parts)].join('\n') };
}

/** The command line, if Node needs flags or variables. Children of a pool get their libuv threads from the pool. */
function startLine(
  app: string,
  { uvThreads, ...setting }: Setting,
  { needsTsx }: Deployment,
  { flags }: MeasuredWith,
): string | undefined {
  const uv =
    uvThreads !== undefined && traitsOf(setting).program !== 'process-pool' && `UV_THREADPOOL_SIZE=${uvThreads}`;
  // Threads and children inherit flags.
  const words = present(uv, 'node', needsTsx && '--import tsx', ...flags);
  return words.length === 1 ? undefined : [...words, app].join(' ');
}

/** Undefined for a custom strategy. */
function programOf(setting: Setting, where: Deployment, measured: MeasuredWith): Program | undefined {
  const { program, lanes } = traitsOf(setting);
  const { poolSize, concurrency } = setting;
  switch (program) {
    case 'loop':
      return { ...onTheLoop(where), atMost: concurrency === 'all' ? undefined : concurrency };
    case 'piscina':
    case 'process-pool': {
      const poolOf = program === 'piscina' ? piscina : processPool;
      if (lanes === 'pool') return inPool(poolOf(setting, where, measured), where);
      const inOne = inPool(poolOf({ ...setting, poolSize: 1, concurrency: 1 }, where, measured), where);
      return { ...perTask(inOne, program === 'piscina' ? 'InThread' : 'InProcess'), atMost: poolSize };
    }
    case undefined:
      return undefined;
    default:
      return program satisfies never;
  }
}

function onTheLoop(where: Deployment): Program {
  const { top, body } = importLines('task', workerModule(where), where.format);
  return { imports: top, make: body, call: 'task(input)', end: [] };
}

/**
 * The option for more than one task at a time in each worker. `all` depends on how many there are, which in a program
 * is not the number in a measured batch.
 */
function concurrencyOption(option: string, { poolSize, concurrency }: Setting): string | false {
  const each = concurrency === 'all' ? `Math.ceil(inputs.length / ${poolSize}) || 1` : concurrency;
  return each !== 1 && `${option}: ${each}`;
}

/** A pool class of a package, and its options. */
interface Pool {
  readonly name: string;
  readonly module: string;
  readonly install: string;
  readonly options: Lines;
  /** The parts of an input that are moved instead of copied; undefined: none. */
  readonly moved?: string | undefined;
}

function piscina(setting: Setting, { definition }: Deployment, measured: MeasuredWith): Pool {
  const { poolSize } = setting;
  return {
    name: 'Piscina',
    module: 'piscina',
    install: present('piscina', measured.piscina).join('@'),
    options: present(
      `minThreads: ${poolSize}`,
      `maxThreads: ${poolSize}`,
      'idleTimeout: Infinity',
      concurrencyOption('concurrentTasksPerWorker', setting),
      measured.atomics !== 'sync' && `atomics: '${measured.atomics}'`,
    ),
    moved: definition?.transfers === true ? 'workload.transfer(input)' : undefined,
  };
}

function processPool(setting: Setting): Pool {
  const { poolSize, uvThreads } = setting;
  return {
    name: 'ProcessPool',
    module: 'lanewise/pool',
    install: 'lanewise',
    options: present(
      `processes: ${poolSize}`,
      concurrencyOption('concurrency', setting),
      uvThreads !== undefined && `env: { ...process.env, UV_THREADPOOL_SIZE: '${uvThreads}' }`,
    ),
  };
}

function inPool({ name, module, install, options, moved }: Pool, where: Deployment): Program {
  return {
    install,
    imports: [
      where.format === 'esm' ? `import { ${name} } from '${module}';` : `const { ${name} } = require('${module}');`,
    ],
    make: [
      `const pool = new ${name}({`,
      ...[...fileOptions(where), ...options].map((option) => `  ${option},`),
      '});',
      ...(moved === undefined ? [] : ['const run = (input) =>', `  pool.run(input, { transferList: ${moved} });`]),
    ],
    call: moved === undefined ? 'pool.run(input)' : 'run(input)',
    end: ['await pool.destroy();'],
  };
}

/** Wraps a pool in a function that starts it for one task. */
function perTask({ make, call, end, ...rest }: Program, suffix: string): Program {
  return {
    ...rest,
    make: [
      `async function run${suffix}(input) {`,
      ...indented([...make, 'try {', `  return await ${call};`, '} finally {', ...indented(end), '}']),
      '}',
    ],
    call: `run${suffix}(input)`,
    end: [],
  };
}

/** Options of a pool about the worker file. */
function fileOptions(where: Deployment): Lines {
  const { module, isPackage, exportName } = workerModule(where);
  const file =
    where.format === 'cjs'
      ? `require.resolve(${quoted(module)})`
      : isPackage
        ? `import.meta.resolve(${quoted(module)})`
        : `new URL(${quoted(urlPath(module))}, import.meta.url).href`;
  return present(
    `filename: ${file}`,
    exportName !== undefined && `name: ${quoted(exportName)}`,
    where.workerData !== undefined && `workerData: ${json(where.workerData)}`,
  );
}

function runLines(call: string, atMost: number | undefined): Lines {
  if (atMost === undefined) return [`const results = await Promise.all(inputs.map((input) => ${call}));`];
  if (atMost === 1) return ['const results = [];', `for (const input of inputs) results.push(await ${call});`];
  return [
    `// ${atMost} at once: each takes the next input when its previous one is done.`,
    'const results = [];',
    'const waiting = inputs.entries();',
    'async function takeTurns() {',
    '  for (const [index, input] of waiting)',
    `    results[index] = await ${call};`,
    '}',
    `await Promise.all(Array.from({ length: ${atMost} }, takeTurns));`,
  ];
}
