import cluster from 'node:cluster';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { poolStrategy } from 'lanewise/strategy';
import { callByMessages } from './lanes/call-by-messages.js';

export default poolStrategy({
  name: 'node-cluster',
  description: 'node:cluster and messages, without a library',
  lanes: 'process',
  openPool: async ({ poolSize }) => {
    const exec = fileURLToPath(new URL('./lanes/process.js', import.meta.url));
    cluster.setupPrimary({ exec, serialization: 'advanced' });
    const workers = Array.from({ length: poolSize }, () => cluster.fork());
    // Messages sent before a worker listens are lost.
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    return {
      call: callByMessages(workers, (worker, message) => worker.send(message)),
      close: () => Promise.all(workers.filter((worker) => !worker.isDead()).map(end)),
    };
  },
});

async function end(worker) {
  const exited = once(worker, 'exit');
  worker.kill();
  await exited;
}
