import cluster from 'node:cluster';
import { OWN_OUTPUT, withoutScript } from '../system/forked-child.ts';
import { openAll, poolOf } from './child-processes.ts';
import type { OpenStrategy } from './strategy.ts';

/**
 * A cluster: children that share a port, each with a server whose tasks run on its own event loop. This process deals
 * connections out to them, not requests. It warms them up with batches, which it sends them as to a pool.
 */
export const openCluster: OpenStrategy = async (assignment, settings) => {
  const lanes = await openAll(assignment, settings.poolSize, { start: startWorker });
  const { serve: _serve, ...pool } = poolOf(lanes, assignment.concurrency, settings);
  return {
    ...pool,
    listen: async (path) => {
      const [port = 0] = await Promise.all(lanes.map((lane) => lane.listen(path)));
      return {
        port,
        hold: async (tasks) => {
          await Promise.all(lanes.map((lane) => lane.hold(tasks)));
        },
        release: async () => (await Promise.all(lanes.map((lane) => lane.release()))).flat(),
      };
    },
  };
};

function startWorker(file: string, env: NodeJS.ProcessEnv) {
  cluster.setupPrimary({
    exec: file,
    execArgv: [...withoutScript(process.execArgv)],
    args: [],
    // The cluster needs a channel of Node's own beside the pipe.
    stdio: [...OWN_OUTPUT, 'overlapped', 'ipc'],
    windowsHide: true,
  });
  return cluster.fork(env).process;
}
