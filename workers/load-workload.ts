import { AWAIT, WORKLOAD_FIELDS, type WorkloadDefinition, type WorkloadRef } from './contract.ts';
import { importModule, type Module } from './import-module.ts';
import { isObject } from './value-kinds.ts';
import { enterPiscinaScope, enterWorkerScope, watchForListeners, type MessageSource } from './worker-scope.ts';

/**
 * Imports a workload module. Its default export, or the requested one, is a definition, the task function itself, or a
 * promise of either. A plain function becomes the `task` of a definition and is called with the input alone, as pools
 * do, since its second parameter may mean anything.
 *
 * @throws the error of the module on import, the rejection of an exported promise, or {@link NotAWorkloadError}
 */
export async function loadWorkload(ref: WorkloadRef): Promise<WorkloadDefinition> {
  return (await loadExport(ref)).workload;
}

/** The workload of a module, and the path from the imported module to it. */
export interface LoadedExport {
  readonly workload: WorkloadDefinition;
  /** Whether the export is the task function itself, not a definition. */
  readonly isFunction: boolean;
  /** Those that the task function declares, without optional ones of JavaScript (`n = 1`) and the rest. */
  readonly parameters: number;
  /** Steps from the result of `import()`: names of properties, and {@link AWAIT} for promises. */
  readonly steps: readonly string[];
}

/** As {@link loadWorkload}. */
export async function loadExport({ exportName, workerData, ...ref }: WorkloadRef): Promise<LoadedExport> {
  const listensBy = watchForListeners();
  const module = await importModule(ref, () => {
    enterWorkerScope(workerData);
    enterPiscinaScope(ref.url, workerData);
  }).catch((thrown: unknown) => {
    throw notWorkingAlone(thrown, listensBy()) ?? thrown;
  });
  if (exportName !== undefined && isFieldOfDefault(module, exportName))
    throw new NotAWorkloadError(
      `its export "${exportName}" is a part of its default export; ${remedyFor(module, listensBy())}`,
    );
  const place = exportName === undefined ? placeOf(module, ['default']) : namedExport(module, exportName);
  const { value: exported, steps } = await settled(place);
  if (isFunction(exported))
    return { workload: { task: calledAlone(exported) }, isFunction: true, parameters: exported.length, steps };
  if (isDefinition(exported)) return { workload: exported, isFunction: false, parameters: exported.task.length, steps };
  throw new NotAWorkloadError(
    `${describe(exported, exportName, listensBy())}; ${remedyFor(module, listensBy(), exportName)}`,
  );
}

/** Adds a hint to errors of a function with a second parameter, which may expect the context there. */
function calledAlone(exported: (input: unknown) => unknown): (input: unknown) => unknown {
  if (exported.length < 2) return (input) => exported(input);
  return (input) => {
    try {
      const output = exported(input);
      return output instanceof Promise
        ? output.catch((thrown: unknown) => {
            throw withoutContext(thrown);
          })
        : output;
    } catch (thrown) {
      throw withoutContext(thrown);
    }
  };
}

function withoutContext(thrown: unknown): unknown {
  if (thrown instanceof TypeError && /\bundefined\b/.test(thrown.message))
    thrown.message +=
      ' (a plain function is called with the input alone; to get the context, export a definition: `export default { task }`)';
  return thrown;
}

/** The module was imported, but its export is not a workload; the message describes what is wrong with it. */
export class NotAWorkloadError extends Error {
  override readonly name = 'NotAWorkloadError';
}

/** A file for `fork` may call `process.send` on import, which does not exist in a process that was not forked. */
function notWorkingAlone(thrown: unknown, source: MessageSource | undefined): NotAWorkloadError | undefined {
  const callsParent = thrown instanceof TypeError && /\bprocess\.send is not a function/.test(thrown.message);
  if (source === undefined && !callsParent) return undefined;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return callsParent
    ? new NotAWorkloadError(
        `it reports to a parent process with \`process.send\`; ${EXPORT_THE_FUNCTION}, and use \`process.send?.()\`, which works without a parent`,
      )
    : new NotAWorkloadError(
        `it waits for messages on ${source} and failed on import (${message}); ${EXPORT_THE_FUNCTION}`,
      );
}

/** Bundlers and TypeScript wrap a default export in an object, and once more when CommonJS imports compiled code. */
const MOST_WRAPPERS = 3;

/** Awaits promises, as Piscina does, and removes wrappers. */
async function settled(exported: Place): Promise<Place> {
  let place = await awaited(exported);
  for (let wrapper = 0; wrapper < MOST_WRAPPERS && isWrapper(place.value); wrapper++)
    place = await awaited(placeOf(place.value, [...place.steps, 'default']));
  return place;
}

/** A value, and the path to it. */
interface Place {
  readonly value: unknown;
  readonly steps: readonly string[];
}

/** @param steps the last one is the property of the object to read */
function placeOf(object: object, steps: readonly string[]): Place {
  return { value: Reflect.get(object, steps.at(-1) ?? ''), steps };
}

async function awaited({ value, steps }: Place): Promise<Place> {
  const settledValue: unknown = await value;
  return settledValue === value ? { value, steps } : { value: settledValue, steps: [...steps, AWAIT] };
}

function isWrapper(value: unknown): value is { readonly default: unknown } {
  return isObject(value) && 'default' in value && !isDefinition(value);
}

/**
 * Whether it is a field of the definition that is exported, whose fields belong together: a `task` without its `input`
 * would be other work. Node lists the fields of many CommonJS modules as exports.
 */
function isFieldOfDefault({ default: exported, ...module }: Module, name: string): boolean {
  if (!isDefinition(exported) || !Object.hasOwn(exported, name)) return false;
  // Functions of CommonJS of which one is called `task` are no definition.
  if (!Object.keys(exported).every((field) => WORKLOAD_FIELDS.includes(field))) return false;
  return !Object.hasOwn(module, name) || module[name] === Reflect.get(exported, name);
}

/** Also searches the default export, `module.exports` of a CommonJS module, not all names of which Node detects. */
function namedExport(module: Module, name: string): Place {
  let place: Place = { value: module, steps: [] };
  for (let wrapper = 0; wrapper <= MOST_WRAPPERS; wrapper++) {
    const { value, steps } = place;
    if (!isObject(value) && !isFunction(value)) break;
    if (Object.hasOwn(value, name)) return placeOf(value, [...steps, name]);
    place = placeOf(value, [...steps, 'default']);
  }
  return { value: undefined, steps: [] };
}

/** Whether the export can be called without `new`. */
function isFunction(exported: unknown): exported is (input: unknown) => unknown {
  return typeof exported === 'function' && !isClass(exported);
}

function isClass(exported: unknown): boolean {
  return typeof exported === 'function' && /^class\b/.test(Function.prototype.toString.call(exported));
}

function isDefinition(exported: unknown): exported is WorkloadDefinition {
  return isObject(exported) && 'task' in exported && typeof exported.task === 'function';
}

function describe(exported: unknown, exportName: string | undefined, source: MessageSource | undefined): string {
  const what = exportName === undefined ? 'default export' : `export "${exportName}"`;
  if (source !== undefined && (exported === undefined || isEmpty(exported)))
    return `it waits for messages on ${source} and exports no function`;
  if (exported === undefined) return `it has no ${what}`;
  if (isClass(exported)) return `its ${what} is a class: export an instance of it, \`new …()\`, with a \`task\` method`;
  if (isEmpty(exported)) return `its ${what} is an empty object, as that of a CommonJS file that exports nothing`;
  if (isObject(exported)) return `its ${what} has no \`task\` function`;
  return `its ${what} is ${exported === null ? 'null' : `a ${typeof exported}`}`;
}

/** Whether it is the `module.exports` of a CommonJS file that exports nothing. */
function isEmpty(exported: unknown): boolean {
  return (
    isObject(exported) && Object.getPrototypeOf(exported) === Object.prototype && Object.keys(exported).length === 0
  );
}

const EXPORT_THE_FUNCTION =
  'export the function that does the work (`export { yourFunction as default }`, in CommonJS `module.exports = yourFunction`)';

/** Those first that begin as the wanted one, or are its beginning, whatever their case. */
function likestFirst(names: readonly string[], wanted: string): readonly string[] {
  const asked = wanted.toLowerCase();
  const isLike = (name: string): boolean =>
    asked !== '' && (name.toLowerCase().startsWith(asked) || asked.startsWith(name.toLowerCase()));
  return [...names.filter(isLike), ...names.filter((name) => !isLike(name))];
}

/** Suggests other exports that are workloads, or describes what the module must export. */
function remedyFor(module: Module, source: MessageSource | undefined, wanted = ''): string {
  const { default: exported } = module;
  const own = isObject(exported) || isFunction(exported) ? Object.fromEntries<unknown>(Object.entries(exported)) : {};
  const isWorkload = isDefinition(exported);
  const all = { ...(isWorkload ? {} : own), ...module };
  const names = Object.keys(all).filter(
    (name) =>
      !NOT_ASKED_FOR.has(name) && !isFieldOfDefault(module, name) && (isFunction(all[name]) || isDefinition(all[name])),
  );
  const shown = likestFirst(names, wanted)
    .slice(0, MOST_NAMES)
    .map((name) => `#${name}`)
    .join(', ');
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  const others = shown === '' ? [] : [`${ADD_NAME}${shown}${more}`];
  if (isWorkload || others.length > 0)
    return [...(isWorkload ? ['to use its default export, leave out the name'] : []), ...others].join('; ');
  return source === undefined
    ? 'it must export the task function, or an object with a `task`, as its default export'
    : `${EXPORT_THE_FUNCTION}; the rest of the file can stay as it is`;
}

/** How another export is named where a workload is given by path. */
export const ADD_NAME = 'to use another of its exports, add its name to the path: ';

/** Node 23 and later list `module.exports` among the exports of a CommonJS module. */
const NOT_ASKED_FOR = new Set(['default', 'module.exports']);
const MOST_NAMES = 8;
