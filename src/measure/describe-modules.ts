import type { LaneError, ModuleRef } from '../../workers/contract.ts';
import type { DescribeRequest } from '../../workers/describe.ts';
import { LanewiseError, oneLine } from '../errors.ts';
import { whyNotLoaded } from './type-loader.ts';
import { openWorkerProcess, ProcessFailure } from './worker-process.ts';

/** A module may do something on import, but not for ever. */
const IMPORT_TIMEOUT_MS = 10_000;

/** A module of the user's, and what a sentence calls it: `The workload primes.js`. */
interface Named {
  readonly ref: ModuleRef;
  readonly called: string;
}

/**
 * Asks modules what they say of themselves, in one process for all: nothing of theirs is ever evaluated in this one.
 *
 * @returns each module with its answer, in order
 * @throws LanewiseError at a module that ends the process, or never settles
 */
export async function* describeModules<Module extends Named, Reply extends object>(
  kind: DescribeRequest['kind'],
  modules: readonly Module[],
  isReply: (message: unknown) => message is Reply,
): AsyncGenerator<readonly [Module, Reply]> {
  if (modules.length === 0) return;
  const process = openWorkerProcess<DescribeRequest, Reply>('describe.js', { isReply });
  try {
    process.send({ kind, refs: modules.map(({ ref }) => ref) });
    for (const module of modules) {
      const reply = await process.next(IMPORT_TIMEOUT_MS).catch((cause: unknown) => {
        const why = cause instanceof ProcessFailure ? cause.message : String(cause);
        throw new LanewiseError('input', `${module.called} cannot be loaded: on import ${why}.`, { cause });
      });
      yield [module, reply];
    }
  } finally {
    process.kill();
    await process.end();
  }
}

/** What importing it threw. */
export function notLoaded({ ref, called }: Named, error: LaneError): LanewiseError {
  const why =
    whyNotLoaded(ref, error) ?? `cannot be loaded: on import it threw ${error.name}: ${oneLine(error.message)}.`;
  return new LanewiseError('input', `${called} ${why}`);
}
