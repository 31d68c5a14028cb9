import type { Services } from '../../workers/contract.ts';
import type { ServiceReady } from '../../workers/http-server.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { notStarted, openWorkerProcess, type WorkerProcess } from './worker-process.ts';

const START_TIMEOUT_MS = 10_000;

const SERVICE_FILES: Readonly<Record<string, string>> = { 'http-server': 'http-server.js' };

function isReady(message: unknown): message is ServiceReady {
  return isObject(message) && typeof message.url === 'string';
}

export interface OpenServices {
  readonly services: Services;
  readonly close: () => Promise<void>;
}

/** Starts each service once for the whole run, in a process of its own that is never measured. */
export async function openServices(names: ReadonlySet<string>): Promise<OpenServices> {
  const started: WorkerProcess<never, ServiceReady>[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(started.map((service) => service.end()));
  };
  try {
    const services: Record<string, ServiceReady> = {};
    for (const name of names) {
      const service = openWorkerProcess<never, ServiceReady>(SERVICE_FILES[name] ?? `${name}.js`, { isReply: isReady });
      started.push(service);
      services[name] = await service.next(START_TIMEOUT_MS).catch((cause: unknown) => {
        throw notStarted(`The service ${name}`, cause);
      });
    }
    return { services, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}
