import type { Digests, HostFailure, ReplyOf } from '../model/schema/host-reply.ts';
import { toWindow, type Served, type TaskReadings } from '../stats/load/window.ts';
import type { ServedRecord } from '../lanes/strategy.ts';
import type { LaneId, Nanoseconds } from '../../workers/contract.ts';
import type { RequestedTask } from '../../workers/request-server.ts';
import type { WindowAssignment } from './host-protocol.ts';
import type { Request, RunWindow } from './run-window.ts';

/** The readings, checksums and errors of the tasks of a window. */
export interface WindowOutcome extends Pick<ReplyOf<'windowed'>, 'digests' | 'thrown' | 'requests'> {
  readonly reading: TaskReadings;
  /** A task that was lost, which ends the cell. */
  readonly lost?: HostFailure;
}

type Requests = readonly Request<ServedRecord | RequestedTask>[];

/**
 * @param tasks number of inputs
 * @param laneKind of the lane that a lost task may name
 */
export function windowOutcome(
  window: WindowAssignment,
  tasks: number,
  laneKind: LaneId['kind'],
  { requests, startNs }: RunWindow<ServedRecord | RequestedTask>,
): WindowOutcome {
  // As in the readings: what came before does not count.
  const counted = requests.slice(window.settling);
  const thrown = counted.find(({ record }) => record.reply.status === 'failed')?.record.reply;
  const lost = failureAmong(requests, laneKind, window);
  return {
    reading: toWindow(window, requests.map(servedOf)),
    digests: digestsOf(requests, window, tasks),
    ...(thrown?.status === 'failed' && { thrown: thrown.error }),
    ...(lost && { lost }),
    ...(window.keepsRequests && { requests: requests.map((request) => timesOf(request, startNs)) }),
  };
}

/** The failure of the first task that was lost, if any; of several, one whose lane is known. */
function failureAmong(
  requests: Requests,
  laneKind: LaneId['kind'],
  { inputs }: WindowAssignment,
): HostFailure | undefined {
  const lost = requests.flatMap(({ record: { index, reply } }) =>
    reply.status === 'lost' ? [{ index, ...reply }] : [],
  );
  const found = lost.find(({ lane }) => lane !== undefined) ?? lost[0];
  if (found === undefined) return undefined;
  const { error, index, lane, isOfAnother } = found;
  return {
    error,
    ...(isOfAnother !== true && { task: inputs[index] ?? index }),
    ...(lane !== undefined && { lane: { kind: laneKind, index: lane } }),
  };
}

function servedOf({ dueNs, acceptedNs, record }: Requests[number]): Served {
  const { receivedNs, reply } = record;
  // A driver submits a request, which a server accepts.
  const accepted = 'arrivedNs' in record ? { sentNs: acceptedNs, acceptedNs: record.arrivedNs } : { acceptedNs };
  const times = { dueNs, ...accepted, receivedNs };
  if (reply.status === 'ok')
    return { ...times, outcome: 'done', startedNs: reply.startedNs, finishedNs: reply.finishedNs };
  const outcome = reply.status === 'rejected' ? 'rejected' : 'failed';
  return { ...times, outcome, startedNs: undefined, finishedNs: undefined };
}

/** By input: an output that differs from the first one of the same input counts, so that it is noticed. */
function digestsOf(requests: Requests, { inputs }: Pick<WindowAssignment, 'inputs'>, tasks: number): Digests {
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

/** Times since the start of the window, to the microsecond. */
function timesOf(request: Requests[number], startNs: Nanoseconds): NonNullable<WindowOutcome['requests']>[number] {
  const { startedNs, finishedNs, dueNs, sentNs, acceptedNs, receivedNs } = servedOf(request);
  const ms = (ns: Nanoseconds): number => Math.round((ns - startNs) / 1000) / 1000;
  const ran = (ns: Nanoseconds | undefined): number | null => (ns === undefined ? null : ms(ns));
  return {
    dueMs: ms(dueNs),
    ...(sentNs !== undefined && { sentMs: ms(sentNs) }),
    acceptedMs: ms(acceptedNs),
    startedMs: ran(startedNs),
    finishedMs: ran(finishedNs),
    receivedMs: ms(receivedNs),
  };
}
