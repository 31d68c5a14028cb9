import type { Digests, HostFailure, ReplyOf } from '../model/schema/host-reply.ts';
import { toWindow, type Served } from '../stats/load/window.ts';
import { costsOf } from '../stats/sample.ts';
import type { Meter } from './measure-batch.ts';
import type { BatchStrategy } from '../lanes/strategy.ts';
import type { LaneError, Nanoseconds, Task } from '../../workers/contract.ts';
import type { WindowAssignment } from './host-protocol.ts';
import { runWindow, type Request } from './run-window.ts';

/** A window of an open cell. */
export interface WindowOf {
  readonly strategy: BatchStrategy;
  readonly window: WindowAssignment;
  readonly meter: Meter;
  /** Makes one task for each input, anew at each call. */
  readonly makeTasks: () => Promise<readonly Task[]>;
  /** Number of inputs. */
  readonly tasks: number;
}

export type WindowOutcome = { readonly failure: HostFailure } | Omit<ReplyOf<'windowed'>, 'kind'>;

/** Lets tasks arrive by their schedule. A task that throws has missed the objective; one that is lost ends the cell. */
export async function serveWindow({ strategy, window, meter, makeTasks, tasks }: WindowOf): Promise<WindowOutcome> {
  const { serve } = strategy;
  if (serve === undefined) return { failure: { error: ONLY_BATCHES } };
  const arrivals = await arrivingTasks(window.inputs, makeTasks);
  const measured = await meter.measure(() => runWindow(window, (arrival) => arrivals[arrival] as Task, serve));
  const { requests, startNs } = measured.records;
  const failure = failureAmong(requests, strategy, window);
  if (failure !== undefined) return { failure };
  const thrown = requests.find(({ record }) => record.reply.status === 'failed')?.record.reply;
  return {
    reading: toWindow(window, requests.map(servedOf), costsOf(measured)),
    digests: digestsOf(requests, window, tasks),
    ...(thrown?.status === 'failed' && { thrown: thrown.error }),
    ...(window.keepsRequests && { requests: requests.map((request) => timesOf(request, startNs)) }),
  };
}

/** A task of its own for each arrival, although several bring the same input: a task may change or move it. */
async function arrivingTasks(
  inputs: readonly number[],
  makeTasks: WindowOf['makeTasks'],
): Promise<readonly (Task | undefined)[]> {
  const sets: (readonly Task[])[] = [];
  const used = new Map<number, number>();
  const arriving: (Task | undefined)[] = [];
  for (const [index, input] of inputs.entries()) {
    const time = used.get(input) ?? 0;
    used.set(input, time + 1);
    const set = (sets[time] ??= await makeTasks());
    const task = set[input];
    arriving.push(task && { ...task, index });
  }
  return arriving;
}

function servedOf({ dueNs, acceptedNs, record: { receivedNs, reply } }: Request): Served {
  const times = { dueNs, acceptedNs, receivedNs };
  if (reply.status === 'ok')
    return { ...times, outcome: 'done', startedNs: reply.startedNs, finishedNs: reply.finishedNs };
  const outcome = reply.status === 'rejected' ? 'rejected' : 'failed';
  return { ...times, outcome, startedNs: undefined, finishedNs: undefined };
}

/** By input: an output that differs from the first one of the same input counts, so that it is noticed. */
function digestsOf(requests: readonly Request[], { inputs }: WindowAssignment, tasks: number): Digests {
  const digests: Digests = Array.from({ length: tasks }, () => null);
  const settled = new Set<number>();
  for (const [arrival, { record }] of requests.entries()) {
    const input = inputs[arrival] ?? 0;
    const digest = record.reply.status === 'ok' ? record.reply.digest : null;
    if (digest === null || settled.has(input)) continue;
    const first = digests[input] ?? null;
    if (first !== null && first !== digest) settled.add(input);
    digests[input] = digest;
  }
  return digests;
}

/** The failure of the first task that was lost, if any; of several, one whose lane is known. */
function failureAmong(
  requests: readonly Request[],
  { laneKind }: BatchStrategy,
  { inputs }: WindowAssignment,
): HostFailure | undefined {
  const lost = requests.flatMap(({ record: { index, reply } }) =>
    reply.status === 'lost' ? [{ index, ...reply }] : [],
  );
  const found = lost.find(({ lane }) => lane !== undefined) ?? lost[0];
  if (found === undefined) return undefined;
  const { error, index, lane } = found;
  return { error, task: inputs[index] ?? index, ...(lane !== undefined && { lane: { kind: laneKind, index: lane } }) };
}

/** Times since the start of the window, to the microsecond. */
function timesOf(request: Request, startNs: Nanoseconds): NonNullable<ReplyOf<'windowed'>['requests']>[number] {
  const { startedNs, finishedNs, dueNs, acceptedNs, receivedNs } = servedOf(request);
  const ms = (ns: Nanoseconds): number => Math.round((ns - startNs) / 1000) / 1000;
  const ran = (ns: Nanoseconds | undefined): number | null => (ns === undefined ? null : ms(ns));
  return {
    dueMs: ms(dueNs),
    acceptedMs: ms(acceptedNs),
    startedMs: ran(startedNs),
    finishedMs: ran(finishedNs),
    receivedMs: ms(receivedNs),
  };
}

const ONLY_BATCHES: LaneError = {
  name: 'Error',
  message: 'this strategy runs batches only: tasks that arrive one by one need `serve` in what it opens',
};
