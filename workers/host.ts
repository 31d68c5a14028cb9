/** Runs one cell and nothing else, a batch at a time, whenever the orchestrator says that it is its turn. */
import { tellParent } from './parent.ts';
import { describeError } from './describe-error.ts';
import type { HostFailure, HostReply, HostRequest } from './host-protocol.ts';
import { openCell, TaskFailure, type OpenCell } from './open-cell.ts';

let cell: OpenCell | undefined;

process.on('message', (request: HostRequest) => {
  void serve(request)
    .catch((thrown: unknown): HostReply => ({ kind: 'failed', failure: failureOf(thrown) }))
    .then(send);
});
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1));
send({ kind: 'booted' });

async function serve(request: HostRequest): Promise<HostReply> {
  switch (request.kind) {
    case 'open':
      cell = await openCell(request.assignment);
      return { kind: 'opened', startupMs: cell.startupMs };
    case 'warm':
      return opened().warm();
    case 'measure':
      return opened().measure();
    case 'trace':
      return opened().trace();
    case 'close':
      return opened().close();
    default:
      return request satisfies never;
  }
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
