/** A child process of `lanewise/pool`. */
import { lifeline, onParentMessage } from './parent.ts';
import { carryError } from './carry-error.ts';
import { killTree } from './kill-tree.ts';
import { send, serve, type PoolRequest } from './pool-tasks.ts';

process.on('uncaughtExceptionMonitor', (thrown) => send({ kind: 'uncaught', error: carryError(thrown) }));
// A parent that has gone leaves nothing behind: what tasks have started ends with this process, after its own listeners.
if (process.platform !== 'win32') lifeline.on('end', () => void process.on('exit', () => killTree(process.pid)));

onParentMessage((message) => serve(message as PoolRequest));
