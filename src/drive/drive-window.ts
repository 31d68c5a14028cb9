/** One window seen from outside: sends each request when it is due, whether or not earlier ones are answered. */
import type { Metronome } from '../host/metronome.ts';
import { nextStartNs, runWindow, type Request } from '../host/run-window.ts';
import { watchLoopDelay } from '../host/loop-delay.ts';
import { windowOutcome } from '../host/window-outcome.ts';
import { areExponential } from '../stats/load/poisson-gaps.ts';
import { at } from '../stats/load/window.ts';
import { sorted } from '../stats/quantile.ts';
import { costsOf } from '../stats/sample.ts';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import { isObject } from '../../workers/value-kinds.ts';
import type { RequestedTask } from '../../workers/request-server.ts';
import { ownUsage, usageSince } from '../../workers/usage.ts';
import type { Answer, ConnectionPool } from './connections.ts';
import type { DriveAssignment, Driven } from './drive-protocol.ts';

type Asked = RequestedTask | Unanswered;
/** A request without an answer: as a record, it has failed. */
interface Unanswered extends Pick<RequestedTask, 'index' | 'submittedNs' | 'receivedNs' | 'reply'> {
  readonly kind: Exclude<Answer['kind'], 'answer'>;
}

/** For the requests, and for the pings beside them. */
export type Metronomes = readonly [Metronome, Metronome];

export async function driveWindow(
  { window, tasks, laneKind, workers, isPoisson, probesDueMs }: DriveAssignment,
  path: string,
  { ask, used }: ConnectionPool,
  [metronome, probing]: Metronomes,
): Promise<Driven> {
  const over = new AbortController();
  const startNs = nextStartNs();
  const usageBefore = ownUsage();
  const beganNs = nowNs();
  const monitor = watchLoopDelay();

  async function askTask(index: number): Promise<Asked> {
    const answer = await ask(`${path}/t/${index}`);
    const asked = answer.kind === 'answer' ? recordIn(answer, index) : unanswered(answer, index);
    // Then no later request can say anything about the server.
    if (asked.reply.status === 'lost') over.abort();
    return asked;
  }

  const pinging = runWindow(
    { dueMs: probesDueMs, mostUnfinished: Number.POSITIVE_INFINITY },
    (probe) => probe,
    () => ask(`${path}/ping`),
    { metronome: probing, startNs, signal: over.signal },
  );
  const run = await runWindow(window, (arrival) => arrival, askTask, { metronome, startNs, signal: over.signal });
  over.abort();
  const { requests: probes } = await pinging;

  const wallMs = (nowNs() - beganNs) / NS_PER_MS;
  const usage = usageSince(usageBefore, ownUsage());
  const { loopDelayMs, cpusUsed, cpuMs } = costsOf({ wallMs, usage, loopDelaysMs: monitor.stop() });
  const { lost, reading, digests, thrown, requests } = windowOutcome(window, tasks, laneKind, run);
  const counted = run.requests.slice(window.settling);
  const lateMs = sorted(counted.map(({ dueNs, acceptedNs }) => (acceptedNs - dueNs) / NS_PER_MS));
  const unsent = counted.filter(({ record }) => 'kind' in record && record.kind === 'unsent').length;
  const sent = reading.sent - unsent;
  const driver = {
    lateMs: { p50: at(lateMs, 0.5), p99: at(lateMs, 0.99), max: at(lateMs, 1) },
    readLateMs: { p99: loopDelayMs.p99 },
    cpus: cpusUsed,
    sockets: used(),
  };
  const isWhole = reading.state === 'ok';
  const mostMs = Math.max(MOST_LATE_MS, LATE_SHARE * window.objectiveMs);
  const limits: Driven['driver']['limits'] = [];
  if (driver.lateMs.p99 > mostMs) limits.push('late');
  if (driver.readLateMs.p99 > mostMs) limits.push('reads-late');
  if (isWhole && Math.abs(sent / reading.offered - 1) > UNSENT_SHARE) limits.push('unsent');
  if (isWhole && isPoisson && !areExponential(gapsMs(counted), 1000 / window.rate)) limits.push('not-poisson');
  return {
    reading: {
      ...reading,
      sent,
      ...(workers !== undefined && { byWorker: answersByWorker(counted, workers) }),
      state: limits.length > 0 ? 'driver-limited' : reading.state,
    },
    driver: { ...driver, limits },
    cpuMs,
    digests,
    ...(thrown && { thrown }),
    ...(requests && { requests }),
    ...(lost && { lost }),
    ...(probesDueMs.length > 0 && { probeMs: probesOf(probes, window.dueMs[window.settling] ?? 0, startNs) }),
  };
}

/**
 * A driver that sends or reads later than this, or than this share of the objective, would add it to what it measures. With
 * half of this share, 76 of 144 windows of a quick load of primes would have been refused on a quiet machine with 2 CPUs,
 * at an objective of 39 ms, and 1 of 144 at one of 100 ms (2026-11-26): the driver wakes up late while all CPUs compute.
 */
const MOST_LATE_MS = 1.5;
const LATE_SHARE = 0.1;
/** Share of the requests that may be missing. */
const UNSENT_SHARE = 0.005;

/** Checks as little as a crash needs, since unknown code runs in the server. */
function recordIn({ body, receivedNs }: Extract<Answer, { kind: 'answer' }>, index: number): Asked {
  const record = parsedOrNothing(body);
  if (!isObject(record) || !isObject(record.reply)) return unanswered({ kind: 'broken', code: 'EBADMSG' }, index);
  return { ...(record as unknown as RequestedTask), receivedNs };
}

function parsedOrNothing(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function unanswered({ kind, code }: Exclude<Answer, { kind: 'answer' }>, index: number): Unanswered {
  const now = nowNs();
  const message = kind === 'broken' ? `a connection to its server broke (${code})` : `no connection (${code})`;
  const error = { name: 'ConnectionError', message };
  return {
    index,
    submittedNs: now,
    receivedNs: now,
    kind,
    reply: kind === 'broken' ? { status: 'lost', error } : { status: 'failed', lane: 0, error },
  };
}

function answersByWorker(requests: readonly Request<Asked>[], workers: number): number[] {
  const counts = Array.from({ length: workers }, () => 0);
  for (const { record } of requests) {
    if (!('kind' in record) && 'lane' in record.reply && record.reply.lane !== undefined)
      counts[record.reply.lane] = (counts[record.reply.lane] ?? 0) + 1;
  }
  return counts;
}

function gapsMs(requests: readonly Request<Asked>[]): readonly number[] {
  return requests
    .slice(1)
    .map(({ acceptedNs }, index) => (acceptedNs - (requests[index]?.acceptedNs ?? acceptedNs)) / NS_PER_MS);
}

/** Without those before the window counts. */
function probesOf(probes: readonly Request<Answer>[], fromMs: number, startNs: number): NonNullable<Driven['probeMs']> {
  const latenciesMs = probes.flatMap(({ dueNs, record }) =>
    record.kind === 'answer' && dueNs >= startNs + fromMs * NS_PER_MS ? [(record.receivedNs - dueNs) / NS_PER_MS] : [],
  );
  const inOrder = sorted(latenciesMs);
  return { n: inOrder.length, p50: at(inOrder, 0.5), p90: at(inOrder, 0.9), p99: at(inOrder, 0.99) };
}
