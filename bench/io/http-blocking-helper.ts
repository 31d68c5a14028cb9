/** Thread that makes the requests of `http-blocking` while the requesting thread sleeps. */
import { Agent } from 'node:http';
import { workerData, type MessagePort } from 'node:worker_threads';
import { getBody } from './get.ts';

export interface BlockingHelper {
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

export interface BlockingAnswer {
  readonly body: string;
  readonly error?: string;
}

const { port, signal } = workerData as BlockingHelper;
const agent = new Agent({ keepAlive: true });

port.on('message', (url: string) => {
  void getBody(url, agent).then(
    (body) => answer({ body: body.toString() }),
    (error: unknown) => answer({ body: '', error: String(error) }),
  );
});

function answer(message: BlockingAnswer): void {
  port.postMessage(message);
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
}
