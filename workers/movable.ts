import { createRequire } from 'node:module';
import type * as Piscina from 'piscina';
import type { Transferable } from './contract.ts';

/** Piscina's symbols for objects to move; registered, so that all copies of Piscina share them. */
const TRANSFERABLE = Symbol.for('Piscina.transferable');
const VALUE = Symbol.for('Piscina.valueOf');
/** Name of the symbol by which `Piscina.move` marks its argument. Not registered: each copy of Piscina has its own. */
const MARK = 'Piscina.kMovable';

interface Movable {
  readonly [TRANSFERABLE]: Transferable | readonly Transferable[];
  readonly [VALUE]: unknown;
}

/** An output that was wrapped in `Piscina.move`, unwrapped. */
export interface Moved {
  readonly value: unknown;
  /** Objects to move instead of copy. */
  readonly transfer: readonly Transferable[];
}

/** Unwraps an output; undefined if it is not wrapped. */
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

/** Records the objects in a reply that a thread must move. */
export function noteTransfer(reply: object, transfer: readonly Transferable[]): void {
  transfers.set(reply, transfer);
}

export function transferOf(reply: object): readonly Transferable[] | undefined {
  return transfers.get(reply);
}

/** Wraps a reply so that Piscina moves objects in it. */
export function asMoved(reply: object, transfer: readonly Transferable[]): object {
  piscina ??= createRequire(import.meta.url)('piscina') as typeof Piscina;
  const { move, transferableSymbol, valueSymbol } = piscina;
  const moved = { [valueSymbol]: reply, [transferableSymbol]: transfer };
  move(moved as unknown as Parameters<typeof move>[0]);
  return moved;
}

/** Loaded only when needed, after the workload's own import, whose copy must find the workload's `workerData`. */
let piscina: typeof Piscina | undefined;
