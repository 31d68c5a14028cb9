import type { Services } from '../../workers/contract.ts';
import type { Evidence, LessonAssignment, LessonReply } from '../host/lesson-protocol.ts';
import { openWorkerProcess } from '../measure/worker-process.ts';
import type { Way } from './lesson.ts';

const START_TIMEOUT_MS = 30_000;
/** Beside what its delays take. */
const TIMEOUT_MS = 30_000;
/** The longest lesson waits 50 seconds of the tutorial, if all of its random delays are the longest. */
const TIMEOUT_UNITS = 100;
/** More than any lesson has tasks. */
const ALL_IN_FLIGHT = 1000;

export interface Performance {
  /** The module, by its file URL. */
  readonly url: string;
  readonly way: Way;
  readonly unitMs: number;
  readonly seed: number;
  readonly services: Services;
}

/** Runs an experiment in a process of its own. @throws if it cannot be run, or does not come to an end */
export async function performExperiment(
  { url, way, unitMs, seed, services }: Performance,
  signal: AbortSignal,
): Promise<Evidence<unknown>> {
  const process = openWorkerProcess<LessonAssignment, LessonReply>('lesson.js', { isReply });
  signal.addEventListener('abort', process.kill);
  try {
    await process.next(START_TIMEOUT_MS);
    const { strategy, poolSize } = way;
    const inFlight = way.inFlight === 'all' ? ALL_IN_FLIGHT : way.inFlight;
    process.send({ lesson: { url }, way: { strategy, poolSize, inFlight }, unitMs, seed, services });
    const reply = await process.next(TIMEOUT_MS + TIMEOUT_UNITS * unitMs);
    if (reply.kind === 'performed') return reply.evidence;
    throw new Error(reply.kind === 'failed' ? `${reply.error.name}: ${reply.error.message}` : 'it did not begin');
  } finally {
    signal.removeEventListener('abort', process.kill);
    process.kill();
    await process.end();
  }
}

/** The code of a lesson may send what it likes; what is no reply of ours is not for us. */
function isReply(message: unknown): message is LessonReply {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  switch (message.kind) {
    case 'booted':
      return true;
    case 'performed':
      return 'evidence' in message && typeof message.evidence === 'object' && message.evidence !== null;
    case 'failed':
      return 'error' in message && typeof message.error === 'object' && message.error !== null;
    default:
      return false;
  }
}
