import { AWAIT } from '../../../workers/contract.ts';
import type { TunedModule, Tuning } from '../../model/results.ts';

export type Lines = readonly string[];

/** One file to paste. */
export interface CodeFile {
  readonly name: string;
  readonly text: string;
}

/** Lines above a program, where imports stand, and lines of its own. */
interface ModuleLines {
  readonly top: Lines;
  readonly body: Lines;
}

/** A blank line between two parts that have any lines. */
export function paragraphs(...parts: readonly Lines[]): Lines {
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ['', ...part]));
}

export function indented(lines: Lines): Lines {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

type ModulePlace = Pick<Deployment, 'module' | 'isPackage' | 'exportName' | 'steps'>;

/** What a pool is to load: the module itself, or a file that makes a function of what it exports. */
export function workerModule(where: Deployment): ModulePlace {
  return where.definition === undefined
    ? where
    : { module: `./${workerName(where)}`, isPackage: false, steps: ['default'] };
}

function workerName({ module }: Deployment): string {
  const base = module.slice(module.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
  return `${base}-worker.mjs`;
}

/** Binds a name to what a module exports. A program in CommonJS imports as well: that finds the same in modules of both kinds. */
export function importLines(name: string, { module, steps }: ModulePlace, format: TunedModule['format']): ModuleLines {
  const [first = 'default', ...rest] = steps;
  const bound = rest.length === 0 ? name : 'module';
  const value = `const ${name} = ${reached('module', rest)};`;
  const after = rest.length === 0 ? [] : [value];
  const path = quoted(module.startsWith('.') ? urlPath(module) : module);
  const named = (as: string): string => (first === bound ? first : `${propertyKey(first)}${as}${bound}`);
  if (format === 'cjs') return { top: [], body: [`const { ${named(': ')} } = await import(${path});`, ...after] };
  return { top: [`import ${first === 'default' ? bound : `{ ${named(' as ')} }`} from ${path};`], body: after };
}

function reached(from: string, steps: readonly string[]): string {
  return steps.reduce((text, step, index) => {
    if (step === AWAIT) return index === steps.length - 1 ? `await ${text}` : `(await ${text})`;
    return isIdentifier(step) ? `${text}.${step}` : `${text}[${quoted(step)}]`;
  }, from);
}

function propertyKey(name: string): string {
  return isIdentifier(name) ? name : quoted(name);
}

function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/** What is measured: so many tasks in a batch, and the values of the params. */
interface Batch {
  readonly tasks: number;
  readonly params: Readonly<Record<string, unknown>>;
}

/** More than this is not for reading, nor for pasting. */
const LONGEST_INPUTS = 1500;
/** Of several inputs, so many are shown. */
const MOST_INPUTS = 3;

/** Binds `inputs`, and `workload` where a definition is needed for it. */
export function inputLines(where: Deployment, { tasks, params }: Batch, isMoving: boolean): ModuleLines {
  const { definition, format } = where;
  const makesInputs = definition?.makesInputs === true;
  const isNeeded = makesInputs || (isMoving && definition?.transfers === true);
  const { top, body } = isNeeded ? importLines('workload', where, format) : { top: [], body: [] };
  return { top, body: [...body, ...(makesInputs ? madeInputs(tasks, params) : givenInputs(where))] };
}

function madeInputs(tasks: number, params: Batch['params']): Lines {
  return [
    `const params = ${json(params) ?? '{}'};`,
    'const { random } = Math;',
    'const inputs = [];',
    `for (let index = 0; index < ${tasks}; index++)`,
    '  inputs.push(await workload.input({ index, params, random }));',
  ];
}

function givenInputs({ inputs }: Deployment): Lines {
  if (inputs === undefined) return ['const inputs = [undefined]; // those of your program'];
  const shown = json(inputs.slice(0, MOST_INPUTS));
  const more = inputs.length > MOST_INPUTS ? `the first ${MOST_INPUTS} of ${inputs.length}; ` : '';
  if (shown === undefined || shown.length > LONGEST_INPUTS) return ['const inputs = []; // those of your program'];
  return [`const inputs = ${shown}; // ${more}those of your program`];
}

/** A file that makes the function which a pool calls of a workload that has more than a function; undefined: the module exports one. */
export function workerFile(where: Deployment, params: Batch['params']): CodeFile | undefined {
  const { definition, module } = where;
  if (definition === undefined) return undefined;
  const name = workerName(where);
  const { top, body } = importLines('workload', where, 'esm');
  const text = [
    `// ${name}: a pool calls a function; this one is the task of`,
    `// ${escaped(module)}`,
    ...top,
    '',
    ...body,
    'const setting = {',
    `  params: ${json(params) ?? '{}'},`,
    `  services: ${servicesOf(definition.services)},`,
    "  lane: { kind: 'thread', index: 0 },",
    "  cell: '',",
    '};',
    'const context = {',
    '  ...setting,',
    '  state: await workload.setup?.(setting),',
    '  signal: new AbortController().signal,',
    '  yieldToLoop: () => new Promise((resolve) => setImmediate(resolve)),',
    '};',
    '',
    'export default (input) => workload.task(input, context);',
  ].join('\n');
  return { name, text };
}

/** In a program there are other ones. */
function servicesOf(services: readonly string[]): string {
  const all = services.map((service) => `${propertyKey(service)}: { url: 'http://localhost:3000' /* yours */ }`);
  return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`;
}

/** Where the code of a setting is to run: what results tell of the module, and what they do not, since they are passed on. */
export interface Deployment extends TunedModule {
  /** As it is imported from a file in the working folder: `./src/worker.js`, or `some-package/worker`. */
  readonly module: string;
  /** One for each task, or one for all; undefined: tasks have none, make their own, or it is not known. */
  readonly inputs?: readonly unknown[];
  readonly workerData?: unknown;
}

/** What is known where only results are: the name of the file, without its folder. */
export function deploymentOf(source: string, tuning: Pick<Tuning, 'module'> = {}): Deployment {
  const [file = source, exportName] = source === 'shipped' ? ['worker.js'] : source.split('#');
  // Results of an earlier version know nothing of the module.
  const facts = tuning.module ?? {
    isPackage: false,
    format: 'esm',
    steps: [exportName ?? 'default'],
    needsTsx: false,
    ...(exportName !== undefined && { exportName }),
  };
  return { ...facts, module: facts.isPackage ? file : `./${file}` };
}

/** A text as JavaScript has it. */
export function quoted(text: string): string {
  return `'${escaped(text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`))}'`;
}

/** Undefined of what JSON cannot hold: a configuration file can give anything. */
export function json(value: unknown): string | undefined {
  try {
    // Of a function it gives nothing.
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : escaped(text);
  } catch {
    return undefined;
  }
}

/** What cannot be seen could redraw a terminal, or make code read as what it is not. */
function escaped(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** A path without what would mean something else in a URL. */
export function urlPath(path: string): string {
  return path.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('?', '%3F');
}
