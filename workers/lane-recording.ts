/** Records what the current thread does during extra batches. Loaded only for that. */
import { Session, type Profiler } from 'node:inspector';
import { performance, PerformanceObserver } from 'node:perf_hooks';
import { NS_PER_MS, nowNs } from './clock.ts';
import type { LaneReading, ReadingKind } from './contract.ts';

/** Half of V8's default, for twice the samples in as short a time. */
const INTERVAL_US = 500;

/** Ends a recording. */
export type EndRecording = () => Promise<LaneReading>;

/**
 * Starts a recording of one kind. Not of both at once: with the profiler, an idle loop had a utilization of 0.96 on
 * Node 20, probably since each sample interrupts its waiting.
 *
 * @param isParked whether this thread's waiting for tasks counts as busy, as in an idle thread of Piscina
 * @throws where the runtime has no V8 profiler
 */
export function record(kind: ReadingKind, isParked: boolean): Promise<EndRecording> {
  return kind === 'counters' ? count(isParked) : profile();
}

async function profile(): Promise<EndRecording> {
  const session = new Session();
  session.connect();
  await post(session, 'Profiler.enable');
  await post(session, 'Profiler.setSamplingInterval', { interval: INTERVAL_US });
  // V8 takes its own start time first, and then up to 100 ms to list all functions.
  const startedNs = nowNs();
  await post(session, 'Profiler.start');
  return async () => {
    const ended = await post<Profiler.StopReturnType>(session, 'Profiler.stop');
    session.disconnect();
    return { kind: 'profile', startedNs, profile: ended.profile };
  };
}

function post<Answer>(session: Session, method: string, params?: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    session.post(method, params, (error, answer) => (error === null ? resolve(answer as Answer) : reject(error)));
  });
}

async function count(isParked: boolean): Promise<EndRecording> {
  const pauses: [number, number][] = [];
  const [startedNs, startedMs] = [nowNs(), performance.now()];
  const toNs = (ms: number): number => startedNs + (ms - startedMs) * NS_PER_MS;
  const add = (entries: readonly PerformanceEntry[]): void => {
    for (const { startTime, duration } of entries) pauses.push([toNs(startTime), toNs(startTime + duration)]);
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: 'gc' });
  const loop = performance.eventLoopUtilization();
  return async () => {
    const { active } = performance.eventLoopUtilization(loop);
    // Entries come with the next turn of the loop.
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    add(observer.takeRecords());
    observer.disconnect();
    return { kind: 'counters', loopActiveMs: isParked ? null : active, pauses };
  };
}
