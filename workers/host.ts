/** A host: runs one cell or one lesson and nothing else, one batch at a time, whenever the orchestrator requests it. */
import { onParentMessage, sendToParent } from './parent.ts';
import type { EventEmitter } from 'node:events';
import { LAST_EVENT } from './frames.ts';
import type { HostRequest } from '../src/host/host-protocol.ts';
import type { HostReply } from '../src/model/schema/host-reply.ts';
import { lastReply, noteLastWords, serve } from '../src/host/serve.ts';

const send = (reply: HostReply): void => sendToParent(reply);

onParentMessage((message) => void serve(message as HostRequest, send).then(answer));
process.on('uncaughtExceptionMonitor', noteLastWords);
// The last chance to report that the workload has ended the host; a killed host reports nothing.
process.on('exit', (code) => send(lastReply(code)));
process.on('SIGTERM', () => process.exit(1));
// A hangup of the terminal concerns the orchestrator, which ends its hosts unless it was started to outlive it.
process.on('SIGHUP', () => undefined);
send({ kind: 'booted' });

function answer(reply: HostReply): void {
  // It is killed as soon as that is read.
  if (reply.kind === 'closed') (process as EventEmitter).emit(LAST_EVENT);
  send(reply);
}
