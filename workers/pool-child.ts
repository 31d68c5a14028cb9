/** A child process of `lanewise/pool`. */
import { lifeline, onParentMessage } from './parent.ts';
import { carryError } from './carry-error.ts';
import { killTree } from './clear-up.ts';
import { platformOf } from './platform.ts';
import { send, serve, type PoolRequest } from './pool-tasks.ts';

process.on('uncaughtExceptionMonitor', (thrown) => send({ kind: 'uncaught', error: carryError(thrown) }));
// If the parent has ended, processes that tasks have started end with this one, after its own exit listeners.
if (platformOf().hasGroups) lifeline.on('end', () => void process.on('exit', () => killTree(process.pid)));

onParentMessage((message) => serve(message as PoolRequest));
