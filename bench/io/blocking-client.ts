import { receiveMessageOnPort, MessageChannel, Worker } from 'node:worker_threads';
import type { BlockingAnswer, BlockingHelper } from './http-blocking-helper.ts';

/** An HTTP client that blocks its thread until the response arrives. */
export interface BlockingClient {
  /** @throws Error without a response, or for any status but 200 */
  readonly get: (url: string) => string;
  readonly close: () => Promise<void>;
}

/** Node has no synchronous HTTP: a helper thread makes the request while this thread sleeps. */
export function openBlockingClient(): BlockingClient {
  const { port1: port, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: BlockingHelper = { port: port2, signal };
  const helper = new Worker(new URL('http-blocking-helper.js', import.meta.url), { workerData, transferList: [port2] });
  helper.unref();
  return {
    get: (url) => {
      Atomics.store(signal, 0, 0);
      port.postMessage(url);
      Atomics.wait(signal, 0, 0);
      const answer = receiveMessageOnPort(port)?.message as BlockingAnswer | undefined;
      if (answer === undefined) throw new Error(`GET ${url} was not answered`);
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.body;
    },
    close: async () => {
      port.close();
      await helper.terminate();
    },
  };
}
