import { receiveMessageOnPort, MessageChannel, Worker, type MessagePort } from 'node:worker_threads';
import { defineWorkload, type InputContext, type TaskContext } from '../../workers/contract.ts';
import type { BlockingAnswer, BlockingHelper } from './http-blocking-helper.ts';

interface Blocking {
  readonly helper: Worker;
  readonly port: MessagePort;
  readonly signal: Int32Array;
}

export default defineWorkload({
  name: 'http-blocking',
  bound: 'io',
  description: 'the same request made synchronously inside an async function: its lane waits with it',
  params: { latencyMs: 20 },
  tasks: 6,
  services: ['http-server'],
  input: ({ params }: InputContext) => `/?latencyMs=${Number(params.latencyMs)}`,
  setup: (): Blocking => {
    const { port1, port2 } = new MessageChannel();
    const signal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const workerData: BlockingHelper = { port: port2, signal };
    const helper = new Worker(new URL('http-blocking-helper.js', import.meta.url), {
      workerData,
      transferList: [port2],
    });
    helper.unref();
    return { helper, port: port1, signal };
  },
  task: async (path: string, { services, state }: TaskContext): Promise<string> =>
    getSync(`${services['http-server']?.url}${path}`, state as Blocking),
  teardown: async ({ helper, port }: Blocking) => {
    port.close();
    await helper.terminate();
  },
});

/** Node has no synchronous HTTP: a helper thread makes the request while this thread sleeps. */
function getSync(url: string, { port, signal }: Blocking): string {
  Atomics.store(signal, 0, 0);
  port.postMessage(url);
  Atomics.wait(signal, 0, 0);
  const answer = receiveMessageOnPort(port)?.message as BlockingAnswer | undefined;
  if (answer === undefined) throw new Error(`GET ${url} was not answered`);
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.body;
}
