import type { BatchStrategy } from '../lanes/strategy.ts';
import { NS_PER_MS, nowNs, pause } from '../../workers/clock.ts';
import type { LaneActivity, Nanoseconds } from '../../workers/contract.ts';
import type { MeasuredBatch } from '../stats/sample.ts';
import type { Doubt } from '../model/schema/host-reply.ts';
import { ownUsage } from '../../workers/usage.ts';
import { hasContent } from '../../workers/value-kinds.ts';
import { MOMENT_PER_LANE_MS, MOMENT_PER_TASK_MS, mayWorkOn, pendingAfter, unawaited } from './work-watch.ts';

/** Time for work that follows a result at once, such as callbacks of a batch that was not awaited. */
const MOMENT_MS = 25;
/**
 * Time for pending work to start, if there is at least one item per task; and for CPU time to show, where no output has
 * any content or some was used in the first moment: what crypto and zlib do in libuv's pool is not among what is pending.
 */
const LONG_MOMENT_MS = 250;

/** Past and pending activity of a cell's lanes, at one moment. */
interface Look {
  readonly lanes: readonly LaneActivity[];
  /**
   * CPU time of the lanes, ms, with that of the host where they have none of their own; without the commands of tasks,
   * whose time is counted in too large steps.
   */
  readonly cpuMs: number;
  readonly answeredNs: Nanoseconds;
}

/** @param notesResults whether lanes note their time at each result until the next look */
async function lookAt(strategy: BatchStrategy, notesResults = false): Promise<Look> {
  // Before the lanes answer: threads of this process that work on do so late.
  const hostMs = ownUsage().cpuMs;
  const lanes = (await strategy.activity?.(notesResults)) ?? [];
  const answeredNs = nowNs();
  const ownMs = lanes.flatMap(({ cpuMs }) => cpuMs ?? []);
  // Not what this process does with large outputs; nor asked a second time, before which a lane may begin to work on.
  if (ownMs.length > 0 && ownMs.length === lanes.length)
    return { lanes, cpuMs: ownMs.reduce((sum, each) => sum + each, 0), answeredNs };
  const { cpuMs, commandsMs = 0 } = await strategy.usage();
  return { lanes, cpuMs: hostMs + cpuMs - commandsMs, answeredNs };
}

/** A look at the lanes as of the end of the batch: without what they did between that and their answer. */
function asOf(endNs: Nanoseconds, { lanes, cpuMs, answeredNs }: Look): Look {
  const mostMs = Math.max(0, answeredNs - endNs) / NS_PER_MS;
  // Sending a large output takes time after the result, but before the end.
  const late = (answeredMs: number, resultMs: number | null = null): number =>
    resultMs === null ? 0 : Math.min(mostMs, answeredMs - resultMs);
  return {
    lanes: lanes.map(({ activeMs, pending, atResult }) => ({
      activeMs: activeMs === null ? null : activeMs - late(activeMs, atResult?.activeMs),
      pending,
    })),
    cpuMs: cpuMs - lanes.reduce((sum, lane) => sum + late(lane.cpuMs ?? 0, lane.atResult?.cpuMs), 0),
    answeredNs,
  };
}

function lastNs(records: readonly { readonly receivedNs: Nanoseconds }[]): Nanoseconds {
  return records.reduce((last, { receivedNs }) => Math.max(last, receivedNs), 0);
}

/** Looks after pending work of the previous batch has had time to end, which would hide as much of the next batch. */
async function lookAtRest(strategy: BatchStrategy, tasks: number): Promise<Look> {
  const look = await lookAt(strategy, true);
  const pending = look.lanes.reduce((sum, lane) => sum + lane.pending, 0);
  if (pending < tasks) return look;
  await pause(LONG_MOMENT_MS);
  return lookAt(strategy, true);
}

/** Runs a batch, and calls its argument at the end. */
type Run<Batch extends Pick<MeasuredBatch, 'records'>> = (atEnd: () => Promise<void>) => Promise<Batch>;

interface LookedAt<Batch> {
  readonly batch: Batch;
  readonly doubt: Extract<Doubt, { kind: 'unawaited' }> | undefined;
}

/** Runs a batch, and others while work seems to continue after each of them. */
export async function lookAfter<Batch extends Pick<MeasuredBatch, 'records'>>(
  strategy: BatchStrategy,
  { tasks, looks: most }: { readonly tasks: number; readonly looks: number },
  first: Run<Batch>,
  another: Run<Pick<MeasuredBatch, 'records'>>,
): Promise<LookedAt<Batch>> {
  const measured = await lookOnce(strategy, tasks, first);
  let { doubt } = measured;
  for (let looks = 1; doubt !== undefined && looks < most; looks++)
    ({ doubt } = await lookOnce(strategy, tasks, another));
  return { ...measured, doubt };
}

/** Looks at what the lanes do a moment after a batch. Between its end and that, nothing of ours works on its results. */
async function lookOnce<Batch extends Pick<MeasuredBatch, 'records'>>(
  strategy: BatchStrategy,
  tasks: number,
  run: Run<Batch>,
): Promise<LookedAt<Batch>> {
  const before = await lookAtRest(strategy, tasks);
  let answered = before;
  const batch = await run(async () => {
    answered = await lookAt(strategy);
  });
  const momentMs = pendingAfter(before.lanes, answered.lanes) >= tasks ? LONG_MOMENT_MS : MOMENT_MS;
  await pause(Math.max(momentMs, MOMENT_PER_LANE_MS * answered.lanes.length, MOMENT_PER_TASK_MS * tasks));
  const afterwards = await lookAt(strategy);
  // Not before that: with many thousands of tasks, it takes as long as work that is not awaited.
  const atEnd = asOf(lastNs(batch.records), answered);
  const replies = batch.records.flatMap(({ reply }) => (reply.status === 'ok' ? [reply] : []));
  // Its failure is what matters.
  if (replies.length < batch.records.length) return { batch, doubt: undefined };
  const isEmpty = replies.every(({ output }) => output === false || !hasContent(output));
  const doubtOf = ({ lanes, cpuMs }: Pick<Look, 'lanes' | 'cpuMs'>): LookedAt<Batch>['doubt'] =>
    unawaited({
      before: before.lanes,
      atEnd: atEnd.lanes,
      afterwards: lanes,
      tasks,
      runningMs: replies.reduce((sum, { startedNs, finishedNs }) => sum + (finishedNs - startedNs) / NS_PER_MS, 0),
      cpuMs: { batch: atEnd.cpuMs - before.cpuMs, after: cpuMs - atEnd.cpuMs },
      isEmpty,
    });
  const doubt = doubtOf(afterwards);
  const works = mayWorkOn({ lanes: afterwards.lanes.length, tasks, cpuMs: afterwards.cpuMs - atEnd.cpuMs });
  if (doubt !== undefined || !(isEmpty || works)) return { batch, doubt };
  await pause(LONG_MOMENT_MS);
  // In so long, loops have something to do even if nothing goes on: timers of the module, for example.
  return { batch, doubt: doubtOf({ lanes: atEnd.lanes, cpuMs: (await lookAt(strategy)).cpuMs }) };
}
