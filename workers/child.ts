/** A child process that runs tasks: the lane of `child-processes`, and of `process-per-task` for one task. */
import { lifeline, onParentMessage } from './parent.ts';
import { run, send, serve, type ChildRequest } from './child-tasks.ts';
import { describeError } from './describe-error.ts';
import { onLine } from './line-pipe.ts';

process.on('uncaughtExceptionMonitor', (thrown) => send({ kind: 'uncaught', error: describeError(thrown) }));

onLine(lifeline, (message) => {
  const [index, isVerified, input] = message as [number, 0 | 1, unknown];
  run({ index, input, traced: false, verified: isVerified === 1 });
});
onParentMessage((message) => serve(message as ChildRequest));
