/** Runs one cell, or one lesson, and nothing else, a batch at a time, whenever the orchestrator says that it is its turn. */
import { onParentMessage, tellParent } from './parent.ts';
import type { HostRequest } from '../src/host/host-protocol.ts';
import type { HostReply } from '../src/model/schema/host-reply.ts';
import { lastReply, noteLastWords, serve } from '../src/host/serve.ts';

const send = (reply: HostReply): void => tellParent(reply);

onParentMessage((message) => void serve(message as HostRequest, send).then(send));
process.on('uncaughtExceptionMonitor', noteLastWords);
// A host that is killed says nothing; one whose workload ends it has this moment to say so.
process.on('exit', (code) => send(lastReply(code)));
process.on('SIGTERM', () => process.exit(1));
// A terminal that hangs up is for the process that was started there: that ends its hosts, unless it was started to outlive it.
process.on('SIGHUP', () => undefined);
send({ kind: 'booted' });
