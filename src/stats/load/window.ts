import type { Static, TObject } from 'typebox';
import type { windowCosts, windowFields } from '../../model/schema/window.ts';
import { NS_PER_MS } from '../../../workers/clock.ts';
import type { Nanoseconds } from '../../../workers/contract.ts';
import { quantile, sorted, type Sorted } from '../quantile.ts';
import { meanPartsOf } from './mean-parts.ts';

/** Readings of a host from one window; the orchestrator adds the turn. */
type WindowReading = Static<TObject<typeof windowFields>>;

/** Those that its tasks give. */
export type TaskReadings = Omit<WindowReading, keyof typeof windowCosts>;

/** A task that was submitted, with its times; undefined where it never ran. */
export interface Served {
  readonly dueNs: Nanoseconds;
  /** When its request was sent; undefined in process. */
  readonly sentNs?: Nanoseconds;
  readonly acceptedNs: Nanoseconds;
  readonly receivedNs: Nanoseconds;
  readonly outcome: 'done' | 'failed' | 'rejected';
  readonly startedNs: Nanoseconds | undefined;
  readonly finishedNs: Nanoseconds | undefined;
}

/** The plan of a window, as far as its readings depend on it. */
export interface WindowPlan {
  /** Arrivals per second. */
  readonly rate: number;
  readonly dueMs: readonly number[];
  /** First arrivals that do not count, while the queue fills up. */
  readonly settling: number;
  readonly objectiveMs: number;
  /** The probability of the objective's quantile. */
  readonly quantile: number;
  /** How long somebody waits for a task; undefined: as long as it takes. */
  readonly giveUpMs?: number;
}

/** One window as numbers. @param served in the order of arrival: all that were submitted */
export function toWindow(
  { rate, dueMs, settling, objectiveMs, quantile: probability, giveUpMs = Number.POSITIVE_INFINITY }: WindowPlan,
  served: readonly Served[],
): TaskReadings {
  const counted = served.slice(settling);
  const awaited = counted.filter((one) => latencyMsOf(one) <= giveUpMs);
  const done = awaited.filter(({ outcome }) => outcome === 'done');
  const wasted = counted.filter((one) => one.outcome === 'done' && latencyMsOf(one) > giveUpMs);
  const latencies = done.map(latencyMsOf);
  const latenciesMs = sorted(latencies);
  const offered = Math.max(0, dueMs.length - settling);
  const meanParts = meanPartsOf(done, probability);
  return {
    rate,
    offered,
    sent: counted.length,
    done: done.length,
    failed: awaited.filter(({ outcome }) => outcome === 'failed').length,
    rejected: awaited.filter(({ outcome }) => outcome === 'rejected').length,
    gaveUp: counted.length - awaited.length,
    wasted: { tasks: wasted.length, runningMs: wasted.reduce((sum, one) => sum + runningMsOf(one), 0) },
    missed: offered - latencies.filter((ms) => ms <= objectiveMs).length,
    latencyMs: {
      p50: at(latenciesMs, 0.5),
      p90: at(latenciesMs, 0.9),
      p95: at(latenciesMs, 0.95),
      p99: at(latenciesMs, 0.99),
      max: at(latenciesMs, 1),
    },
    judgedMs: judgedMsOf(latencies, offered, probability),
    parts: {
      accept: partOf(done, ({ dueNs, sentNs = dueNs, acceptedNs }) => [sentNs, acceptedNs]),
      queue: partOf(done, ({ acceptedNs, startedNs }) => [acceptedNs, startedNs]),
      task: partOf(done, ({ startedNs, finishedNs }) => [startedNs, finishedNs]),
      back: partOf(done, ({ finishedNs, receivedNs }) => [finishedNs, receivedNs]),
    },
    ...(meanParts && { meanParts }),
    backlog: backlogOf(counted),
    state: served.length < dueMs.length ? 'overloaded' : 'ok',
  };
}

function latencyMsOf({ dueNs, receivedNs }: Served): number {
  return (receivedNs - dueNs) / NS_PER_MS;
}

/** 0 if it never ran. */
function runningMsOf({ startedNs = 0, finishedNs = startedNs }: Served): number {
  return (finishedNs - startedNs) / NS_PER_MS;
}

/** A rejected task is answered fast, so without those that have no result a full queue would look quick. */
function judgedMsOf(latencies: readonly number[], offered: number, probability: number): number | null {
  if (latencies.length === 0) return null;
  const without = Array.from({ length: offered - latencies.length }, () => Number.POSITIVE_INFINITY);
  const judged = at(sorted([...latencies, ...without]), probability);
  return Number.isFinite(judged) ? judged : null;
}

function partOf(
  done: readonly Served[],
  ends: (served: Served) => readonly [from: Nanoseconds | undefined, to: Nanoseconds | undefined],
): { readonly p50: number; readonly p99: number } {
  const lengths = done.flatMap((served) => {
    const [from, to] = ends(served);
    return from === undefined || to === undefined ? [] : [(to - from) / NS_PER_MS];
  });
  const inOrder = sorted(lengths);
  return { p50: at(inOrder, 0.5), p99: at(inOrder, 0.99) };
}

/** Digits of values that are shown or compared. */
const DIGITS = 5;

/** 0 if there is none. */
export function at(values: Sorted, probability: number): number {
  return values.length === 0 ? 0 : Number(quantile(values, probability).toPrecision(DIGITS));
}

function backlogOf(served: readonly Served[]): WindowReading['backlog'] {
  const [first, last] = [served[0], served.at(-1)];
  if (first === undefined || last === undefined) return { mean: 0, max: 0, end: 0 };
  const ends = sorted(served.map(({ receivedNs }) => receivedNs));
  const endNs = ends.at(-1) ?? last.dueNs;
  const waitedNs = served.reduce((sum, { dueNs, receivedNs }) => sum + (receivedNs - dueNs), 0);
  let left = 0;
  let max = 0;
  let ended = 0;
  for (const { dueNs } of served) {
    while ((ends[ended] ?? Number.POSITIVE_INFINITY) <= dueNs) ended += 1;
    left += 1;
    max = Math.max(max, left - ended);
  }
  // By Little's law, the mean backlog is the arrivals per time times their mean latency.
  return { mean: Number((waitedNs / Math.max(1, endNs - first.dueNs)).toPrecision(DIGITS)), max, end: left - ended };
}
