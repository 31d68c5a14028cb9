import { Worker } from 'node:worker_threads';
import { poolStrategy } from 'lanewise/strategy';
import { callByMessages } from './lanes/call-by-messages.js';

export default poolStrategy({
  name: 'raw-worker-threads',
  description: 'worker threads and postMessage, without a library',
  lanes: 'thread',
  openPool: ({ poolSize }) => {
    const workers = Array.from({ length: poolSize }, () => new Worker(new URL('./lanes/thread.js', import.meta.url)));
    return {
      call: callByMessages(workers, (worker, message) => worker.postMessage(message)),
      close: () => Promise.all(workers.map((worker) => worker.terminate())),
    };
  },
});
