import type { BatchStrategy } from '../lanes/strategy.ts';
import { NS_PER_MS, pause } from '../../workers/clock.ts';
import type { LaneActivity } from '../../workers/contract.ts';
import type { MeasuredBatch } from '../stats/sample.ts';
import type { Doubt } from '../model/schema/host-reply.ts';
import { ownUsage } from '../../workers/usage.ts';
import { MOMENT_PER_LANE_MS, pendingAfter, unawaited } from './work-watch.ts';

/** Time for work that follows a result at once, such as callbacks of a batch that was not awaited. */
const MOMENT_MS = 25;
/** Time for pending work to start, if there is at least one item per task. */
const LONG_MOMENT_MS = 250;

/** Past and pending activity of a cell's lanes, at one moment. */
interface Look {
  readonly lanes: readonly LaneActivity[];
  /**
   * CPU time of the host and its lanes, ms, without the commands of tasks, whose time is counted in too large steps.
   */
  readonly cpuMs: number;
}

async function lookAt(strategy: BatchStrategy): Promise<Look> {
  const lanes = (await strategy.activity?.()) ?? [];
  const { cpuMs, commandsMs = 0 } = await strategy.usage();
  return { lanes, cpuMs: ownUsage().cpuMs + cpuMs - commandsMs };
}

/** Looks after pending work of the previous batch has had time to end, which would hide as much of the next batch. */
async function lookAtRest(strategy: BatchStrategy, tasks: number): Promise<Look> {
  const look = await lookAt(strategy);
  const pending = look.lanes.reduce((sum, lane) => sum + lane.pending, 0);
  if (pending < tasks) return look;
  await pause(LONG_MOMENT_MS);
  return lookAt(strategy);
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
  let atEnd = before;
  const batch = await run(async () => {
    atEnd = await lookAt(strategy);
  });
  const replies = batch.records.flatMap(({ reply }) => (reply.status === 'ok' ? [reply] : []));
  // Its failure is what matters.
  if (replies.length < batch.records.length) return { batch, doubt: undefined };
  const momentMs = pendingAfter(before.lanes, atEnd.lanes) >= tasks ? LONG_MOMENT_MS : MOMENT_MS;
  await pause(Math.max(momentMs, MOMENT_PER_LANE_MS * atEnd.lanes.length));
  const afterwards = await lookAt(strategy);
  const doubt = unawaited({
    before: before.lanes,
    atEnd: atEnd.lanes,
    afterwards: afterwards.lanes,
    tasks,
    runningMs: replies.reduce((sum, { startedNs, finishedNs }) => sum + (finishedNs - startedNs) / NS_PER_MS, 0),
    cpuMs: { batch: atEnd.cpuMs - before.cpuMs, after: afterwards.cpuMs - atEnd.cpuMs },
    isEmpty: replies.every(({ output }) => output === false || output === undefined),
  });
  return { batch, doubt };
}
