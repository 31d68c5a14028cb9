import type { LaneError, ModuleRef } from '../../workers/contract.ts';
import type { DescribeBooted, DescribeRequest } from '../../workers/describe.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { LanewiseError, oneLine } from '../model/errors.ts';
import { whyNotLoaded } from './type-loader.ts';
import { notStarted, openWorkerProcess, ProcessFailure } from './worker-process.ts';

/** Nothing of the user's runs until then, but a busy machine needs its time. */
const BOOT_TIMEOUT_MS = 30_000;

/** A module of the user's, and what a sentence calls it: `The workload primes.js`. */
interface Named {
  readonly ref: ModuleRef;
  readonly called: string;
}

/**
 * Asks modules what they say of themselves, in one process for all: nothing of theirs is ever evaluated in this one.
 *
 * @param startTimeoutMs for each to load: it may do something on import, but not for ever
 * @returns each module with its answer, in order
 * @throws LanewiseError at a module that ends the process, or never settles
 */
export async function* describeModules<Module extends Named, Reply extends object>(
  kind: DescribeRequest['kind'],
  modules: readonly Module[],
  isReply: (message: unknown) => message is Reply,
  startTimeoutMs: number,
): AsyncGenerator<readonly [Module, Reply]> {
  if (modules.length === 0) return;
  const process = openWorkerProcess<DescribeRequest, Reply | DescribeBooted>('describe.js', {
    isReply: (message): message is Reply | DescribeBooted => isBooted(message) || isReply(message),
  });
  try {
    await process.next(Math.max(startTimeoutMs, BOOT_TIMEOUT_MS)).catch((cause: unknown) => {
      throw notStarted('The process that loads modules', cause);
    });
    process.send({ kind, refs: modules.map(({ ref }) => ref) });
    for (const module of modules) {
      const reply = await process.next(startTimeoutMs).catch((cause: unknown) => {
        throw new LanewiseError('input', `${module.called} cannot be loaded: ${whyNoAnswer(cause, startTimeoutMs)}.`, {
          cause,
        });
      });
      // No module can say so: it came before them.
      if (!isBooted(reply)) yield [module, reply];
    }
  } finally {
    process.kill();
    await process.end();
  }
}

function whyNoAnswer(cause: unknown, startTimeoutMs: number): string {
  if (!(cause instanceof ProcessFailure)) return `on import ${String(cause)}`;
  if (cause.name !== 'TimeoutError') return `on import ${cause.message}`;
  return `it was not ready within ${startTimeoutMs / 1000} s. Its import, or a promise that it exports, needs a longer --start-timeout or never ends`;
}

function isBooted(message: unknown): message is DescribeBooted {
  return isObject(message) && message.kind === 'booted';
}

/** What importing it threw. */
export function notLoaded({ ref, called }: Named, error: LaneError): LanewiseError {
  const why =
    whyNotLoaded(ref, error) ?? `cannot be loaded: on import it threw ${error.name}: ${oneLine(error.message)}.`;
  return new LanewiseError('input', `${called} ${why}`);
}
