import type { Cell, Options } from '../../model/results.ts';
import { plural } from '../numbers.ts';
import {
  json,
  quoted,
  urlPath,
  importLines,
  inputLines,
  transferList,
  workerFile,
  workerModule,
  type Deployment,
} from './module-code.ts';
import { traitsOf } from '../../model/strategies.ts';

type Setting = Pick<Cell, 'strategy' | 'poolSize' | 'inFlight' | 'uvThreads'>;

/** What was measured beside the setting itself. */
export interface MeasuredWith {
  /** In a batch: so many are in flight where all are. */
  readonly tasks: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly atomics: Options['atomics'];
  /** Node’s flags of the hosts. */
  readonly flags: readonly string[];
  /** The version of Piscina; undefined: not known. */
  readonly piscina: string | undefined;
}

/** One file to paste. */
export interface CodeFile {
  readonly name: string;
  readonly text: string;
}

/** A setting as files that run where they are put beside each other in the working folder. */
export function settingCode(setting: Setting, where: Deployment, measured: MeasuredWith): readonly CodeFile[] {
  const program = programOf(setting, where, measured);
  if (program === undefined) return [ownStrategy(setting, measured)];
  const before = workerFile(where, measured.params);
  return [...(before === undefined ? [] : [before]), appFile(program, setting, where, measured)];
}

/** What makes its workers is the user's own code. */
function ownStrategy(setting: Setting, measured: MeasuredWith): CodeFile {
  const workers = plural(setting.poolSize, 'worker');
  const each = plural(eachOf(setting, measured), 'task');
  return { name: 'app.js', text: `// ${setting.strategy}: ${workers}, at most ${each} at once in each` };
}

/** The parts of a program that runs a list of inputs. */
interface Program {
  readonly install?: string;
  readonly imports: readonly string[];
  /** Before the inputs are run: a pool, or a function. */
  readonly make: readonly string[];
  /** The call for `input`. */
  readonly call: string;
  /** Undefined: all at once. */
  readonly atMost: number | undefined;
  readonly end: readonly string[];
}

function appFile(program: Program, setting: Setting, where: Deployment, measured: MeasuredWith): CodeFile {
  const { format } = where;
  const { install, imports, make, call, atMost, end } = program;
  const { top, body } = inputLines(where, measured, traitsOf(setting).laneKind === 'thread');
  const name = 'app.js';
  const start = startLine(name, setting, where, measured);
  const steps = [
    ...body,
    '',
    ...make,
    ...(make.length > 0 ? [''] : []),
    ...runLines(call, atMost),
    ...end,
    "console.log(results.length, 'results');",
  ];
  const head = [
    ...(start === undefined ? [`// ${name}`] : [`// ${name}, started with:`, `// ${start}`]),
    ...(install === undefined ? [] : [`// npm install ${install}`]),
  ];
  const above = [...imports, ...top];
  const lines =
    format === 'esm'
      ? [...above, ...(above.length > 0 ? [''] : []), ...steps]
      : [
          ...above,
          ...(above.length > 0 ? [''] : []),
          'async function main() {',
          ...indented(steps),
          '}',
          '',
          'main();',
        ];
  return { name, text: [...head, ...lines].join('\n') };
}

/** Only where Node has to be started in a way of its own. Children of a pool are given their libuv threads by the pool. */
function startLine(
  app: string,
  setting: Setting,
  { needsTsx }: Deployment,
  { flags: measuredFlags }: MeasuredWith,
): string | undefined {
  // Threads and children inherit it.
  const flags = [...(needsTsx ? ['--import', 'tsx'] : []), ...measuredFlags];
  const { uvThreads } = setting;
  const uv =
    uvThreads === undefined || traitsOf(setting).program === 'process-pool' ? [] : [`UV_THREADPOOL_SIZE=${uvThreads}`];
  return uv.length + flags.length === 0 ? undefined : [...uv, 'node', ...flags, app].join(' ');
}

/** Undefined of a strategy of the user's. */
function programOf(setting: Setting, where: Deployment, measured: MeasuredWith): Program | undefined {
  const { program, lanes } = traitsOf(setting);
  const { poolSize, inFlight } = setting;
  switch (program) {
    case 'loop':
      return { ...onTheLoop(where), atMost: inFlight === 'all' ? undefined : inFlight };
    case 'piscina':
    case 'process-pool': {
      const inLanes = program === 'piscina' ? inThreads : inProcesses;
      if (lanes === 'pool') return { ...inLanes(setting, where, measured), atMost: undefined };
      const inOne = inLanes({ ...setting, poolSize: 1, inFlight: 1 }, where, measured);
      return { ...perTask(inOne, program === 'piscina' ? 'InThread' : 'InProcess'), atMost: poolSize };
    }
    case undefined:
      return undefined;
    default:
      return program satisfies never;
  }
}

type Pooled = Omit<Program, 'atMost'>;

function onTheLoop(where: Deployment): Pooled {
  const { top, body } = importLines('task', workerModule(where), where.format);
  return { imports: top, make: body, call: 'task(input)', end: [] };
}

function eachOf({ poolSize, inFlight }: Setting, { tasks }: MeasuredWith): number {
  return inFlight === 'all' ? Math.ceil(tasks / poolSize) : inFlight;
}

function inThreads(setting: Setting, where: Deployment, measured: MeasuredWith): Pooled {
  const { poolSize } = setting;
  const each = eachOf(setting, measured);
  const moved = transferList(where);
  return {
    install: `piscina${measured.piscina === undefined ? '' : `@${measured.piscina}`}`,
    imports: [from('Piscina', 'piscina', where)],
    make: [
      'const pool = new Piscina({',
      ...fileLines(where),
      `  minThreads: ${poolSize},`,
      `  maxThreads: ${poolSize},`,
      '  idleTimeout: Infinity,',
      ...(each === 1 ? [] : [`  concurrentTasksPerWorker: ${each},`]),
      ...(measured.atomics === 'sync' ? [] : [`  atomics: '${measured.atomics}',`]),
      '});',
      ...(moved === undefined ? [] : ['const run = (input) =>', `  pool.run(input, { transferList: ${moved} });`]),
    ],
    call: moved === undefined ? 'pool.run(input)' : 'run(input)',
    end: ['await pool.destroy();'],
  };
}

function inProcesses(setting: Setting, where: Deployment, measured: MeasuredWith): Pooled {
  const { poolSize, uvThreads } = setting;
  const each = eachOf(setting, measured);
  return {
    install: 'lanewise',
    imports: [from('ProcessPool', 'lanewise/pool', where)],
    make: [
      'const pool = new ProcessPool({',
      ...fileLines(where),
      `  processes: ${poolSize},`,
      ...(each === 1 ? [] : [`  concurrency: ${each},`]),
      ...(uvThreads === undefined ? [] : [`  env: { ...process.env, UV_THREADPOOL_SIZE: '${uvThreads}' },`]),
      '});',
    ],
    call: 'pool.run(input)',
    end: ['await pool.destroy();'],
  };
}

/** A pool that lives for one task. */
function perTask({ make, call, end, ...rest }: Pooled, suffix: string): Pooled {
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

function from(name: string, module: string, { format }: Deployment): string {
  return format === 'esm' ? `import { ${name} } from '${module}';` : `const { ${name} } = require('${module}');`;
}

/** What a pool is told of the worker file. */
function fileLines(where: Deployment): readonly string[] {
  const { module, isPackage, exportName } = workerModule(where);
  const file =
    where.format === 'cjs'
      ? `require.resolve(${quoted(module)})`
      : isPackage
        ? `import.meta.resolve(${quoted(module)})`
        : `new URL(${quoted(urlPath(module))}, import.meta.url).href`;
  return [
    `  filename: ${file},`,
    ...(exportName === undefined ? [] : [`  name: ${quoted(exportName)},`]),
    ...(where.workerData === undefined ? [] : [`  workerData: ${json(where.workerData)},`]),
  ];
}

function runLines(call: string, atMost: number | undefined): readonly string[] {
  if (atMost === undefined) return [`const results = await Promise.all(inputs.map((input) => ${call}));`];
  if (atMost === 1) return ['const results = [];', `for (const input of inputs) results.push(await ${call});`];
  return [
    `// ${atMost} at once: each takes the next input when its last one is done.`,
    'const results = [];',
    'const waiting = inputs.entries();',
    'async function takeTurns() {',
    '  for (const [index, input] of waiting)',
    `    results[index] = await ${call};`,
    '}',
    `await Promise.all(Array.from({ length: ${atMost} }, takeTurns));`,
  ];
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}
