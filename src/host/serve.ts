import type { LaneError } from '../../workers/contract.ts';
import { describeError } from '../../workers/describe-error.ts';
import { howEnded, uncaught } from '../lanes/lane-ended-error.ts';
import type { HostRequest } from './host-protocol.ts';
import type { HostReply } from '../model/schema/host-reply.ts';
import { openCell, type OpenCell } from './open-cell.ts';
import { failureAmong } from './failure-text.ts';
import type { Reception } from './reception.ts';
import { TaskFailure } from './task-failure.ts';

/** The cell of this host, once it is open. */
let cell: OpenCell | undefined;
/** Its server, once it listens. */
let reception: Reception | undefined;
/** The error that is about to end this host, unless the workload catches it. */
let lastWords: LaneError | undefined;

/**
 * Carries out a request. Never rejects: a failure is a reply.
 * @param announce called at the start and end of each task
 */
export function serve(request: HostRequest, announce: (reply: HostReply) => void): Promise<HostReply> {
  return answer(request, announce).catch((thrown: unknown) => ({
    kind: 'failed',
    failure: thrown instanceof TaskFailure ? thrown.failure : { error: describeError(thrown) },
  }));
}

// Not loaded in a host that runs batches.
const windowsModule = () => import('./serve-window.ts');
const receptionModule = () => import('./reception.ts');

async function answer(request: HostRequest, announce: (reply: HostReply) => void): Promise<HostReply> {
  switch (request.kind) {
    case 'open':
      // Read before the workload is loaded, which may replace timers and JSON.
      if (request.assignment.goesOn === true) await Promise.all([windowsModule(), receptionModule()]);
      cell = await openCell(request.assignment);
      return cell.opened;
    case 'warm':
      if (!request.announced) return opened().warm(undefined, request.half);
      return opened().warm(
        {
          began: (task) => announce({ kind: 'began', task }),
          ended: (task) => announce({ kind: 'ended', task }),
        },
        request.half,
      );
    case 'measure':
      return opened().measure(request.looks);
    case 'window':
      return (await windowsModule()).serveWindow(opened().windows, request.window);
    case 'listen':
      reception = await (await receptionModule()).openReception(opened().windows, request.path);
      return reception.listening;
    case 'accept':
      return listening().accept(request.inputs);
    case 'finish':
      return listening().finish();
    case 'trace':
      return opened().trace(request.watchesMemory);
    case 'profile':
      return opened().profile();
    case 'perform': {
      // Not loaded in a host that is measured.
      const { perform } = await import('./perform-lesson.ts');
      return { kind: 'performed', evidence: await perform(request.assignment) };
    }
    case 'inquire':
      return { kind: 'underWay', tasks: [...((await cell?.whoRuns()) ?? [])] };
    case 'close':
      return opened().close();
    default:
      return request satisfies never;
  }
}

function opened(): OpenCell {
  if (cell === undefined) throw new Error('a host received work before it was opened');
  return cell;
}

function listening(): Reception {
  if (reception === undefined) throw new Error('a host was to accept requests before it listened');
  return reception;
}

/** Records an uncaught error. */
export function noteLastWords(thrown: unknown): void {
  lastWords = uncaught(describeError(thrown), 'process');
}

/** The last reply of a host that is about to end. */
export function lastReply(exitCode: number): HostReply {
  const error = lastWords ?? {
    name: 'ProcessEnded',
    message: `the process ended with exit code ${exitCode}${howEnded(exitCode)}`,
  };
  return { kind: 'failed', failure: failureAmong(error, cell?.underWay() ?? []) };
}
