import { createRequire } from 'node:module';
import type * as Piscina from 'piscina';
import type { Transferable } from './contract.ts';

/** The symbols by which Piscina knows what is to be moved; registered, so that every copy of Piscina has the same. */
const TRANSFERABLE = Symbol.for('Piscina.transferable');
const VALUE = Symbol.for('Piscina.valueOf');
/** What `Piscina.move` marks its argument with. Not registered: only its name tells the mark of another copy. */
const MARK = 'Piscina.kMovable';

interface Movable {
  readonly [TRANSFERABLE]: Transferable | readonly Transferable[];
  readonly [VALUE]: unknown;
}

/** An output that a task has wrapped in `Piscina.move`, unwrapped; undefined of any other. */
export interface Moved {
  readonly value: unknown;
  /** What a thread gives away instead of copying it. */
  readonly transfer: readonly Transferable[];
}

export function movedBy(output: unknown): Moved | undefined {
  if (!isMovable(output)) return undefined;
  return { value: output[VALUE], transfer: [output[TRANSFERABLE]].flat() };
}

function isMovable(output: unknown): output is Movable {
  return (
    typeof output === 'object' &&
    output !== null &&
    VALUE in output &&
    TRANSFERABLE in output &&
    Object.getOwnPropertySymbols(output).some(({ description }) => description === MARK)
  );
}

const transfers = new WeakMap<object, readonly Transferable[]>();

/** Notes what of a reply a thread is to give away. */
export function noteTransfer(reply: object, transfer: readonly Transferable[]): void {
  transfers.set(reply, transfer);
}

export function transferOf(reply: object): readonly Transferable[] | undefined {
  return transfers.get(reply);
}

/** A reply in the form by which Piscina knows what of it is to be moved. */
export function asMoved(reply: object, transfer: readonly Transferable[]): object {
  piscina ??= createRequire(import.meta.url)('piscina') as typeof Piscina;
  const { move, transferableSymbol, valueSymbol } = piscina;
  const moved = { [valueSymbol]: reply, [transferableSymbol]: transfer };
  move(moved as unknown as Parameters<typeof move>[0]);
  return moved;
}

/** Loaded when something is moved: a workload that imports it meets a copy that has been told what the workload’s `workerData` is. */
let piscina: typeof Piscina | undefined;
