import type { ModuleRef, Services } from '../../workers/contract.ts';
import type { Evidence } from '../model/lessons.ts';
import { HostError, startHost } from '../measure/host.ts';
import type { Configuration } from './configurations.ts';

/** Time limit beside its delays. */
const TIMEOUT_MS = 30_000;
/** The longest lesson takes 70 tutorial seconds. */
const TIMEOUT_UNITS = 100;
/** More than the tasks of any lesson. */
const ALL_IN_FLIGHT = 1000;

export interface Performance {
  readonly module: ModuleRef;
  readonly configuration: Configuration;
  readonly unitMs: number;
  readonly seed: number;
  readonly services: Services;
}

/** Runs an experiment in its own host process. @throws if it fails or exceeds its time limit */
export async function performExperiment(
  { module, configuration, ...rest }: Performance,
  signal: AbortSignal,
): Promise<Evidence<unknown>> {
  const timeoutMs = TIMEOUT_MS + TIMEOUT_UNITS * rest.unitMs;
  const concurrency = configuration.concurrency === 'all' ? ALL_IN_FLIGHT : configuration.concurrency;
  const host = await startHost({ timeoutMs, env: {} });
  const kill = (): void => void host.kill();
  signal.addEventListener('abort', kill);
  if (signal.aborted) kill();
  try {
    return (
      await host.perform({ lesson: module, configuration: { ...configuration, concurrency }, ...rest }, timeoutMs)
    ).evidence;
  } catch (thrown) {
    throw thrown instanceof HostError ? new Error(sentenceOf(thrown), { cause: thrown }) : thrown;
  } finally {
    signal.removeEventListener('abort', kill);
    await host.kill();
  }
}

const OF_HOST = new Set(['ProcessEnded', 'ProtocolError', 'TimeoutError']);

/** Names the error class only if the lesson's code threw it. */
function sentenceOf({ failure: { error } }: HostError): string {
  return OF_HOST.has(error.name) ? error.message : `${error.name}: ${error.message}`;
}
