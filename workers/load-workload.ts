import { AWAIT, type WorkloadDefinition, type WorkloadRef } from './contract.ts';
import { importModule, type Module } from './import-module.ts';
import { isObject } from './value-kinds.ts';
import { enterPiscinaScope, enterWorkerScope, watchForListeners, type MessageSource } from './worker-scope.ts';

/**
 * Imports a workload module: its default export, or the one that was asked for, is a definition or the task function itself, or a
 * promise of one. A plain function becomes the `task` of a definition and is called with its input alone, as a pool calls it: a second
 * parameter is its own.
 *
 * @throws whatever the module throws on import, what a promise that it exports rejects with, or {@link NotAWorkloadError}
 */
export async function loadWorkload(ref: WorkloadRef): Promise<WorkloadDefinition> {
  return (await loadExport(ref)).workload;
}

/** What a module exports, and how a program that imports it gets there. */
export interface LoadedExport {
  readonly workload: WorkloadDefinition;
  /** It is the task function itself, and not a definition. */
  readonly isFunction: boolean;
  /** From what `import()` gives: names of properties, and {@link AWAIT} where there is a promise. */
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
  const place = exportName === undefined ? placeOf(module, ['default']) : namedExport(module, exportName);
  const { value: exported, steps } = await settled(place);
  if (isFunction(exported)) return { workload: { task: calledAlone(exported) }, isFunction: true, steps };
  if (isDefinition(exported)) return { workload: exported, isFunction: false, steps };
  throw new NotAWorkloadError(`${describe(exported, exportName, listensBy())}; ${remedyFor(module, listensBy())}`);
}

/** A function that was written for the context says so in its parameters, and fails where it looks into it. */
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
      ' (a plain function is called with its input alone; the context is given to the `task` of a definition: `export default { task }`)';
  return thrown;
}

/** The module loads, but what it exports is no workload; the message says what it is. */
class NotAWorkloadError extends Error {
  override readonly name = 'NotAWorkloadError';
}

/** A file that was written for `fork` calls `process.send` at once, which is not there in a process that nobody has forked. */
function notWorkingAlone(thrown: unknown, source: MessageSource | undefined): NotAWorkloadError | undefined {
  const callsParent = thrown instanceof TypeError && /\bprocess\.send is not a function/.test(thrown.message);
  if (source === undefined && !callsParent) return undefined;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return callsParent
    ? new NotAWorkloadError(
        `it reports to a parent process with \`process.send\`; ${EXPORT_THE_FUNCTION}, and call \`process.send?.()\` where there may be no parent`,
      )
    : new NotAWorkloadError(
        `it waits for messages on ${source} and failed on import (${message}); ${EXPORT_THE_FUNCTION}`,
      );
}

/** Bundlers and TypeScript wrap a default export in an object once, and again where CommonJS imports what was compiled. */
const MOST_WRAPPERS = 3;

/** What the export is in the end: promises are awaited, as Piscina awaits them, and wrappers taken off. */
async function settled(exported: Place): Promise<Place> {
  let place = await awaited(exported);
  for (let wrapper = 0; wrapper < MOST_WRAPPERS && isWrapper(place.value); wrapper++)
    place = await awaited(placeOf(place.value, [...place.steps, 'default']));
  return place;
}

/** A value, and how it was reached. */
interface Place {
  readonly value: unknown;
  readonly steps: readonly string[];
}

/** @param steps the last one is the property of the object that is meant */
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

/** Node does not see every name of a CommonJS module, but its `module.exports` is the default export, a function with fields included. */
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

/** What can be called without `new`. */
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
  if (isObject(exported)) return `its ${what} has no \`task\` function`;
  return `its ${what} is ${exported === null ? 'null' : `a ${typeof exported}`}`;
}

/** The `module.exports` of a CommonJS file that sets none. */
function isEmpty(exported: unknown): boolean {
  return (
    isObject(exported) && Object.getPrototypeOf(exported) === Object.prototype && Object.keys(exported).length === 0
  );
}

const EXPORT_THE_FUNCTION =
  'export the function that does the work (`export { yourFunction as default }`, in CommonJS `module.exports = yourFunction`)';

/** Another export that would do, or what is needed. */
function remedyFor(module: Module, source: MessageSource | undefined): string {
  const { default: exported } = module;
  const fields = isObject(exported) || isFunction(exported) ? Object.entries(exported) : [];
  const all = { ...Object.fromEntries<unknown>(fields), ...module };
  const names = Object.keys(all).filter(
    (name) => !NOT_ASKED_FOR.has(name) && (isFunction(all[name]) || isDefinition(all[name])),
  );
  if (names.length > 0) {
    const shown = names.slice(0, MOST_NAMES).map((name) => `#${name}`);
    return `to use another of its exports, add its name to the path: ${shown.join(', ')}`;
  }
  return source === undefined
    ? 'it must export the task function, or an object with a `task`, as its default export'
    : `${EXPORT_THE_FUNCTION}; the rest of the file can stay as it is`;
}

/** `module.exports` stands among the names of a CommonJS module from Node 23 on. */
const NOT_ASKED_FOR = new Set(['default', 'module.exports']);
const MOST_NAMES = 8;
