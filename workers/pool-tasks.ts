/** Serves requests in a child process of `lanewise/pool`: tasks of a worker file, without timestamps and digests. */
import { sendToParent } from './parent.ts';
import { carryError, unreadable, type CarriedError } from './carry-error.ts';
import type { WorkloadRef } from './contract.ts';
import { uncloneable } from './describe-error.ts';
import { ADD_NAME, loadWorkload } from './load-workload.ts';
import { movedBy } from './movable.ts';
import { isThenable } from './value-kinds.ts';

export type PoolRequest =
  | { readonly kind: 'open'; readonly ref: WorkloadRef }
  /** A task, without field names. `name`: the export to call; null for the pool's own. */
  | readonly [id: number, name: string | null, input: unknown];

export type PoolReply =
  /** A finished task. */
  | readonly [id: number, output: unknown]
  | { readonly kind: 'opened'; readonly error?: CarriedError }
  | { readonly kind: 'failed'; readonly id: number; readonly error: CarriedError }
  /** An error that is about to end the child, unless the worker file catches it. */
  | { readonly kind: 'uncaught'; readonly error: CarriedError };

type Run = (input: unknown) => unknown;

let file: WorkloadRef | undefined;
let run: Run | undefined;
/** Other exports, by name, each loaded once. */
const others = new Map<string, Promise<Run>>();

/** Loads the worker file, or runs a task. */
export function serve(request: PoolRequest): void {
  if ('kind' in request) return void open(request.ref);
  const [id, name, input] = request;
  if (name === null) return runOwn(id, input);
  named(name).then(
    (other) => runWith(other, id, input),
    (thrown: unknown) => fail(id, thrown),
  );
}

async function open(ref: WorkloadRef): Promise<void> {
  try {
    file = ref;
    run = await functionOf(ref);
    send({ kind: 'opened' });
  } catch (thrown) {
    sendError((error) => ({ kind: 'opened', error }), thrown);
  }
}

function named(name: string): Promise<Run> {
  if (file === undefined) throw new Error('a child received work before it was opened');
  const { exportName: _own, ...module } = file;
  const found = others.get(name) ?? functionOf(name === 'default' ? module : { ...module, exportName: name });
  others.set(name, found);
  return found;
}

async function functionOf(ref: WorkloadRef): Promise<Run> {
  const workload = await loadWorkload(ref).catch(withName);
  const fields = Object.keys(workload).filter((field) => field !== 'task');
  if (fields.length > 0)
    throw new TypeError(
      `the worker file exports a workload with \`${fields.join('`, `')}\`, but a pool calls a function: export it, for example \`export default (input) => …\``,
    );
  // Called as a method, since an instance of a class needs its `this`.
  const methods = workload as { readonly task: Run };
  return (input) => methods.task(input);
}

/** In a pool, an export is named by an option, and not in a path. */
function withName(thrown: unknown): never {
  const [before, names] = thrown instanceof Error ? thrown.message.split(ADD_NAME) : [];
  if (names === undefined) throw thrown;
  throw new TypeError(`${before}give the \`name\` of another of its exports: ${names.replaceAll('#', '')}`, {
    cause: thrown,
  });
}

function runOwn(id: number, input: unknown): void {
  if (run === undefined) throw new Error('a child received work before it was opened');
  runWith(run, id, input);
}

/** Not an async function, so that a synchronous task costs no promise. */
function runWith(task: Run, id: number, input: unknown): void {
  try {
    const output = task(input);
    if (!isThenable(output)) return answer(id, output);
    Promise.resolve(output).then(
      (value) => answer(id, value),
      (thrown: unknown) => fail(id, thrown),
    );
  } catch (thrown) {
    fail(id, thrown);
  }
}

function answer(id: number, output: unknown): void {
  const moved = movedBy(output);
  const value = moved === undefined ? output : moved.value;
  try {
    send([id, value]);
  } catch (thrown) {
    // An output that cannot be cloned fails only its task.
    const { name, message } = uncloneable('output', thrown);
    send({ kind: 'failed', id, error: { kind: 'error', error: { name, message, fields: {} } } });
  }
}

function fail(id: number, thrown: unknown): void {
  sendError((error) => ({ kind: 'failed', id, error }), thrown);
}

/** Sends a thrown value; one that is not an Error may not be cloneable. */
function sendError(replyOf: (error: CarriedError) => PoolReply, thrown: unknown): void {
  try {
    send(replyOf(carryError(thrown)));
  } catch {
    send(replyOf(unreadable(`a ${typeof thrown} was thrown, which is not an Error and cannot be cloned`)));
  }
}

export function send(reply: PoolReply): void {
  sendToParent(reply);
}
