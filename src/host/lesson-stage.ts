import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Strategy } from '../lanes/strategy.ts';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { Stage } from '../../workers/lesson-code.ts';
import type { Phase } from '../model/lessons.ts';
import type { LessonAssignment } from './host-protocol.ts';
import { toMs, type Ended } from './lesson-story.ts';
import { watchLoopDelay } from './loop-delay.ts';

/** A stage, and what has happened on it so far. */
export interface WatchedStage {
  readonly stage: Stage<unknown, unknown>;
  readonly phases: readonly Phase[];
  /** Waits for all tasks, including those started meanwhile. */
  readonly allEnded: () => Promise<readonly Ended[]>;
}

/** Makes what an experiment works with: its lanes, its random numbers and its clock. */
export function openStage(
  lanes: Pick<Strategy, 'call' | 'laneKind'>,
  { unitMs, seed, services }: Pick<LessonAssignment, 'unitMs' | 'seed' | 'services'>,
): WatchedStage {
  const started: Promise<Ended>[] = [];
  const phases: Phase[] = [];
  const generator = xoroshiro128plus(seed);
  const stage: Stage<unknown, unknown> = {
    start: (input, { signal } = {}) => {
      const ending = lanes.call({ index: started.length, input }, signal);
      const ended = ending.then((how) => ({ input, how, endedNs: nowNs() }));
      started.push(ended);
      return ended.then(({ how }) => {
        if (how.outcome === 'done') return how.output;
        throw how.error;
      });
    },
    unit: unitMs,
    randomSeconds: () => uniformInt(generator, 1, 5),
    isPool: lanes.laneKind !== 'main',
    services,
    phase: async (name, body) => {
      const { value, ...times } = await timed(body);
      phases.push({ name, ...times });
      return value;
    },
  };
  return { stage, phases, allEnded: () => allOf(started) };
}

/** Measures how long a body takes, and how long it blocked the event loop at most. */
export async function timed<Value>(
  body: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly totalMs: number; readonly loopDelayMs: number }> {
  const monitor = watchLoopDelay();
  const beganNs = nowNs();
  try {
    const value = await body();
    const totalMs = toMs(nowNs() - beganNs);
    return { value, totalMs, loopDelayMs: toMs(Math.max(...monitor.stop()) * NS_PER_MS) };
  } catch (thrown) {
    monitor.stop();
    throw thrown;
  }
}

/** Waits for all tasks, including those started meanwhile. */
async function allOf(started: readonly Promise<Ended>[]): Promise<readonly Ended[]> {
  let ended: readonly Ended[] = [];
  do ended = await Promise.all(started);
  while (ended.length < started.length);
  return ended;
}
