import type { Services } from '../../workers/contract.ts';
import type { Evidence } from '../model/lessons.ts';
import { HostError, startHost } from '../measure/host.ts';
import type { Way } from './lesson.ts';

/** Beside what its delays take. */
const TIMEOUT_MS = 30_000;
/** The longest lesson waits 50 seconds of the tutorial, if all of its random delays are the longest. */
const TIMEOUT_UNITS = 100;
/** More than any lesson has tasks. */
const ALL_IN_FLIGHT = 1000;

export interface Performance {
  /** The module, by its file URL. */
  readonly url: string;
  readonly way: Way;
  readonly unitMs: number;
  readonly seed: number;
  readonly services: Services;
}

/** Runs an experiment in a host of its own. @throws if it cannot be run, or does not come to an end */
export async function performExperiment(
  { url, way, ...rest }: Performance,
  signal: AbortSignal,
): Promise<Evidence<unknown>> {
  const timeoutMs = TIMEOUT_MS + TIMEOUT_UNITS * rest.unitMs;
  const inFlight = way.inFlight === 'all' ? ALL_IN_FLIGHT : way.inFlight;
  const host = await startHost({ timeoutMs, env: {} });
  const kill = (): void => void host.kill();
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  try {
    return (await host.perform({ lesson: { url }, way: { ...way, inFlight }, ...rest }, timeoutMs)).evidence;
  } catch (thrown) {
    throw thrown instanceof HostError ? new Error(sentenceOf(thrown), { cause: thrown }) : thrown;
  } finally {
    signal.removeEventListener('abort', kill);
    await host.kill();
  }
}

const OF_HOST = new Set(['ProcessEnded', 'ProtocolError', 'TimeoutError']);

/** What the code of the lesson threw has a name of its own. */
function sentenceOf({ failure: { error } }: HostError): string {
  return OF_HOST.has(error.name) ? error.message : `${error.name}: ${error.message}`;
}
