/** Runs one cell, or one lesson, and nothing else, a batch at a time, whenever the orchestrator says that it is its turn. */
import { onParentMessage, tellParent } from './parent.ts';
import { uncaught } from '../src/lanes/lane-ended-error.ts';
import type { TaskWatch } from '../src/lanes/strategy.ts';
import { describeError } from './describe-error.ts';
import type { LaneError } from './contract.ts';
import type { HostFailure, HostReply, HostRequest } from '../src/host/host-protocol.ts';
import { openCell, TaskFailure, type OpenCell } from '../src/host/open-cell.ts';
import { failureAmong } from '../src/host/under-way.ts';

let cell: OpenCell | undefined;

onParentMessage((message) => {
  if (!isRequest(message)) return;
  void serve(message)
    .catch((thrown: unknown): HostReply => ({ kind: 'failed', failure: failureOf(thrown) }))
    .then(send);
});

let lastWords: LaneError | undefined;
process.on('uncaughtExceptionMonitor', (thrown) => {
  lastWords = uncaught(describeError(thrown), 'process');
});
// A host that is killed says nothing; one whose workload ends it has this moment to say so.
process.on('exit', (code) => {
  const error = lastWords ?? { name: 'ProcessEnded', message: `the process ended with exit code ${code}` };
  send({ kind: 'failed', failure: failureAmong(error, cell?.underWay() ?? []) });
});
process.on('SIGTERM', () => process.exit(1));
// A terminal that hangs up is for the process that was started there: that ends its hosts, unless it was started to outlive it.
process.on('SIGHUP', () => undefined);
send({ kind: 'booted' });

async function serve(request: HostRequest): Promise<HostReply> {
  switch (request.kind) {
    case 'open':
      cell = await openCell(request.assignment);
      return {
        kind: 'opened',
        startupMs: cell.startupMs,
        inputs: cell.inputs,
        ...(cell.hostCopyBytes !== undefined && { hostCopyBytes: cell.hostCopyBytes }),
      };
    case 'warm':
      return opened().warm(request.announced ? announce : undefined);
    case 'measure':
      return opened().measure(request.looks);
    case 'trace':
      return opened().trace();
    case 'perform': {
      const { perform } = await import('../src/host/perform-lesson.ts');
      return { kind: 'performed', evidence: await perform(request.assignment) };
    }
    case 'inquire':
      return { kind: 'underWay', tasks: cell?.underWay() ?? [] };
    case 'close':
      return opened().close();
    default:
      return request satisfies never;
  }
}

const announce: TaskWatch = {
  began: (task) => send({ kind: 'began', task }),
  ended: (task) => send({ kind: 'ended', task }),
};

const REQUESTS = { open: 0, warm: 0, measure: 0, trace: 0, inquire: 0, perform: 0, close: 0 } satisfies Record<
  HostRequest['kind'],
  0
>;

/** A workload shares this process, and may send it what it likes. */
function isRequest(message: unknown): message is HostRequest {
  return typeof message === 'object' && message !== null && 'kind' in message && String(message.kind) in REQUESTS;
}

function opened(): OpenCell {
  if (cell === undefined) throw new Error('a host was given work before it was opened');
  return cell;
}

function failureOf(thrown: unknown): HostFailure {
  return thrown instanceof TaskFailure ? thrown.failure : { error: describeError(thrown) };
}

function send(reply: HostReply): void {
  tellParent(reply);
}
