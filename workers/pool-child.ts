/** A child process of `lanewise/pool`. */
import { lifeline, onParentMessage } from './parent.ts';
import { carryError } from './carry-error.ts';
import { killTree } from './kill-tree.ts';
import { onLine } from './line-pipe.ts';
import { open, send, serve, serveNamed, type PoolRequest } from './pool-tasks.ts';

process.on('uncaughtExceptionMonitor', (thrown) => send({ kind: 'uncaught', error: carryError(thrown) }));
// A parent that has gone leaves nothing behind: what tasks have started ends with this process, after its own listeners.
if (process.platform !== 'win32') lifeline.on('end', () => void process.on('exit', () => killTree(process.pid)));

onLine(lifeline, (message) => {
  const [id, input] = message as [number, unknown];
  serve(id, input);
});
onParentMessage((message) => {
  const request = message as PoolRequest;
  if (request.kind === 'open') return void open(request.ref);
  const { id, input, name } = request;
  if (name === undefined) serve(id, input);
  else serveNamed(name, id, input);
});
