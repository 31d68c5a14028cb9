import { AWAIT } from '../../../workers/contract.ts';
import type { TunedModule, Tuning } from '../../model/results.ts';

export type Lines = readonly string[];

/** One file to paste. */
export interface CodeFile {
  readonly name: string;
  readonly text: string;
}

/** Lines for the top of a program (imports) and for its body. */
interface ModuleLines {
  readonly top: Lines;
  readonly body: Lines;
}

/** Joins non-empty parts with blank lines. */
export function paragraphs(...parts: readonly Lines[]): Lines {
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ['', ...part]));
}

export function indented(lines: Lines): Lines {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

type ModulePlace = Pick<Deployment, 'module' | 'isPackage' | 'exportName' | 'steps'>;

/** The file for a pool to load: the module itself, or one that makes a function of its export. */
export function workerModule(where: Deployment): ModulePlace {
  return where.definition === undefined
    ? where
    : { module: `./${workerName(where)}`, isPackage: false, steps: ['default'] };
}

function workerName({ module }: Deployment): string {
  const base = module.slice(module.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, '');
  return `${base}-worker.mjs`;
}

/** Binds a name to a module's export. CommonJS programs use `import()` too, which works for modules of both kinds. */
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

/** The measured batch: its number of tasks and its params. */
interface Batch {
  readonly tasks: number;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Longer texts are no use to read or paste. */
const LONGEST_INPUTS = 1500;
/** Number of inputs shown. */
const MOST_INPUTS = 3;

/** Binds `inputs`, and `workload` if its definition is needed. */
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
  if (inputs === undefined) return ['const inputs = [undefined]; // replace with your own'];
  const shown = json(inputs.slice(0, MOST_INPUTS));
  const more = inputs.length > MOST_INPUTS ? `the first ${MOST_INPUTS} of ${inputs.length}; ` : '';
  if (shown === undefined || shown.length > LONGEST_INPUTS) return ['const inputs = []; // replace with your own'];
  return [`const inputs = ${shown}; // ${more}replace with your own`];
}

/** The file that turns a workload definition into a function for a pool; undefined: the module exports a function. */
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

/** Placeholders for the services, which a program has itself. */
function servicesOf(services: readonly string[]): string {
  const all = services.map((service) => `${propertyKey(service)}: { url: 'http://localhost:3000' /* yours */ }`);
  return all.length === 0 ? '{}' : `{ ${all.join(', ')} }`;
}

/**
 * Where the code of a configuration will run: facts of the module, and others left out of results because those are
 * shared.
 */
export interface Deployment extends TunedModule {
  /** Specifier for importing it from the working folder: `./src/worker.js`, or `some-package/worker`. */
  readonly module: string;
  /** One per task, or one for all; undefined: none, made by the workload, or unknown. */
  readonly inputs?: readonly unknown[];
  readonly workerData?: unknown;
}

/** The deployment as far as results hold it: the name of the file, without its folder. */
export function deploymentOf(source: string, tuning: Pick<Tuning, 'module'> = {}): Deployment {
  const [file = source, exportName] = source === 'shipped' ? ['worker.js'] : source.split('#');
  // Results of earlier versions do not describe the module.
  const facts = tuning.module ?? {
    isPackage: false,
    format: 'esm',
    steps: [exportName ?? 'default'],
    needsTsx: false,
    ...(exportName !== undefined && { exportName }),
  };
  return { ...facts, module: facts.isPackage ? file : `./${file}` };
}

/** A JavaScript string literal. */
export function quoted(text: string): string {
  return `'${escaped(text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`))}'`;
}

/** Undefined if JSON cannot hold the value, which may come from a configuration file. */
export function json(value: unknown): string | undefined {
  try {
    // Undefined for a function, despite its type.
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : escaped(text);
  } catch {
    return undefined;
  }
}

/** Escapes invisible characters, which could redraw a terminal or disguise code. */
function escaped(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** Escapes characters of a path that mean something else in a URL. */
export function urlPath(path: string): string {
  return path.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('?', '%3F');
}
