/** A child process that runs tasks: the lane of `child-processes`, and of `process-per-task` for one task. */
import { onParentMessage } from './parent.ts';
import { send, serve, type ChildRequest } from './child-tasks.ts';
import { describeError } from './describe-error.ts';

process.on('uncaughtExceptionMonitor', (thrown) => send({ kind: 'uncaught', error: describeError(thrown) }));

onParentMessage((message) => serve(message as ChildRequest));
