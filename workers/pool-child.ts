/** A child process of `lanewise/pool`: runs the tasks of a worker file and does nothing else, neither stamps nor digests. */
import { lifeline, onParentMessage, tellParent } from './parent.ts';
import { carryError, unreadable, type CarriedError } from './carry-error.ts';
import type { WorkloadRef } from './contract.ts';
import { uncloneable } from './describe-error.ts';
import { killTree } from './kill-tree.ts';
import { fitsLine, onLine, sendLine } from './line-pipe.ts';
import { loadWorkload } from './load-workload.ts';
import { movedBy } from './movable.ts';

export type PoolRequest =
  | { readonly kind: 'open'; readonly ref: WorkloadRef }
  | { readonly kind: 'task'; readonly id: number; readonly input: unknown; readonly name?: string };

export type PoolReply =
  | { readonly kind: 'opened'; readonly error?: CarriedError }
  | { readonly kind: 'done'; readonly id: number; readonly output: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: CarriedError }
  /** Is about to end the child, unless the worker file catches it. */
  | { readonly kind: 'uncaught'; readonly error: CarriedError };

type Run = (input: unknown) => unknown;

let file: WorkloadRef | undefined;
let run: Run | undefined;
/** Other exports, by name; each is looked up once. */
const others = new Map<string, Promise<Run>>();

process.on('uncaughtExceptionMonitor', (thrown) => send({ kind: 'uncaught', error: carryError(thrown) }));
// A parent that has gone leaves nothing behind: what tasks have started ends with this process, after its own listeners.
if (process.platform !== 'win32') lifeline.on('end', () => void process.on('exit', () => killTree(process.pid)));

onLine(lifeline, (message) => {
  const [id, input] = message as [number, unknown];
  serve(id, input, opened());
});
onParentMessage((message) => {
  const request = message as PoolRequest;
  switch (request.kind) {
    case 'open':
      return void open(request.ref);
    case 'task': {
      const { id, input, name } = request;
      if (name === undefined) return serve(id, input, opened());
      return void named(name).then(
        (other) => serve(id, input, other),
        (thrown: unknown) => fail(id, thrown),
      );
    }
    default:
      return request satisfies never;
  }
});

async function open(ref: WorkloadRef): Promise<void> {
  try {
    file = ref;
    run = await functionOf(ref);
    send({ kind: 'opened' });
  } catch (thrown) {
    sendError((error) => ({ kind: 'opened', error }), thrown);
  }
}

function opened(): Run {
  if (run === undefined) throw new Error('a child was given work before it was opened');
  return run;
}

function named(name: string): Promise<Run> {
  if (file === undefined) throw new Error('a child was given work before it was opened');
  const found = others.get(name) ?? functionOf({ ...file, exportName: name });
  others.set(name, found);
  return found;
}

async function functionOf(ref: WorkloadRef): Promise<Run> {
  const workload = await loadWorkload(ref);
  const fields = Object.keys(workload).filter((field) => field !== 'task');
  if (fields.length > 0)
    throw new TypeError(
      `the worker file exports a workload with \`${fields.join('`, `')}\`, and a pool calls a function: export the function, for example \`export default (input) => …\``,
    );
  // Called as a method: an instance of a class has its own `this`.
  const methods = workload as { readonly task: Run };
  return (input) => methods.task(input);
}

/** No async function: a task that answers at once costs no promise. */
function serve(id: number, input: unknown, task: Run): void {
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

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
    'then' in value &&
    typeof value.then === 'function'
  );
}

function answer(id: number, output: unknown): void {
  const moved = movedBy(output);
  const value = moved === undefined ? output : moved.value;
  if (fitsLine(value)) return sendLine(lifeline, [id, value]);
  try {
    send({ kind: 'done', id, output: value });
  } catch (thrown) {
    // An output that cannot be cloned fails its task only.
    const { name, message } = uncloneable('output', thrown);
    send({ kind: 'failed', id, error: { kind: 'error', error: { name, message, fields: {} } } });
  }
}

function fail(id: number, thrown: unknown): void {
  sendError((error) => ({ kind: 'failed', id, error }), thrown);
}

/** A value that is no Error may be one that cannot be cloned. */
function sendError(replyOf: (error: CarriedError) => PoolReply, thrown: unknown): void {
  try {
    send(replyOf(carryError(thrown)));
  } catch {
    send(replyOf(unreadable(`a value was thrown that is no Error and cannot be cloned (${typeof thrown})`)));
  }
}

function send(reply: PoolReply): void {
  tellParent(reply);
}
