import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { CallEnd } from '../lanes/call.ts';
import { strategies } from '../lanes/registry.ts';
import type { Strategy } from '../lanes/strategy.ts';
import { toSlices, type TracedTask } from '../stats/timeline.ts';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { Nanoseconds } from '../../workers/contract.ts';
import type { LessonCode, Stage } from '../../workers/lesson-code.ts';
import type { LessonAssignment } from './host-protocol.ts';
import type { Evidence, Phase, TaskStory } from '../model/lessons.ts';
import { loadWorkload } from '../../workers/load-workload.ts';
import { isObject } from '../../workers/value-kinds.ts';
import { watchLoopDelay } from './loop-delay.ts';

type Code = LessonCode<unknown, unknown>;

/** Opens the lanes, runs the experiment, waits for every task that it has started, and closes the lanes. */
export async function perform({ lesson, way, unitMs, seed, services }: LessonAssignment): Promise<Evidence<unknown>> {
  const code = await loadWorkload(lesson);
  if (!isLesson(code)) throw new Error('the default export has no `experiment` function');
  const assignment = {
    workload: lesson,
    params: { unit: unitMs },
    services,
    cell: 'lesson',
    inFlight: way.inFlight,
  };
  const open = await strategies[way.strategy]();
  const lanes = await open(assignment, { poolSize: way.poolSize, atomics: 'sync', transferOf: undefined });
  try {
    const log = new TaskLog(lanes);
    const phases: Phase[] = [];
    const generator = xoroshiro128plus(seed);
    const stage: Stage<unknown, unknown> = {
      start: (input, options) => log.start(input, options?.signal),
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
    log.beginNs = nowNs();
    const { value: result, ...times } = await timed(() => code.experiment(stage));
    await log.allEnded();
    const lanesLost = await lanes.lanesLost();
    return { result, ...times, phases, tasks: log.stories(), slices: log.slices(), lanesLost };
  } finally {
    await lanes.close();
  }
}

function isLesson(code: object): code is Code {
  return 'experiment' in code && typeof code.experiment === 'function';
}

async function timed<Value>(
  body: () => Promise<Value>,
): Promise<{ readonly value: Value; readonly totalMs: number; readonly loopDelayMs: number }> {
  const monitor = watchLoopDelay();
  const beganNs = nowNs();
  try {
    const value = await body();
    const totalMs = toMs(nowNs() - beganNs);
    return { value, totalMs, loopDelayMs: toMs(Math.max(...(await monitor.stop())) * NS_PER_MS) };
  } catch (thrown) {
    await monitor.stop();
    throw thrown;
  }
}

interface Entry {
  readonly input: unknown;
  ended?: CallEnd;
  endedNs?: Nanoseconds;
}

/** What becomes of every task that the experiment starts. */
class TaskLog {
  beginNs: Nanoseconds = 0;
  readonly #lanes: Strategy;
  readonly #ended: Promise<void>[] = [];
  readonly #entries: Entry[] = [];

  constructor(lanes: Strategy) {
    this.#lanes = lanes;
  }

  start(input: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    const entry: Entry = { input };
    const index = this.#entries.push(entry) - 1;
    const ended = this.#lanes.call({ index, input }, signal).then((how) => {
      entry.ended = how;
      entry.endedNs = nowNs();
      return how;
    });
    this.#ended.push(ended.then(() => undefined));
    return ended.then((how) => {
      if (how.outcome === 'done') return how.output;
      throw how.error;
    });
  }

  /** Those included that are started while it waits. */
  async allEnded(): Promise<void> {
    for (let count = -1; count !== this.#ended.length;) {
      count = this.#ended.length;
      await Promise.all(this.#ended);
    }
  }

  stories(): readonly TaskStory[] {
    return this.#entries.flatMap(({ input, ended, endedNs }) => {
      if (ended === undefined || endedNs === undefined) return [];
      const { outcome, lane, ran } = ended;
      const seconds = secondsOf(input);
      return {
        outcome,
        endedMs: toMs(endedNs - this.beginNs),
        ...(seconds !== undefined && { seconds }),
        ...(lane !== undefined && { lane }),
        ...(ran !== undefined && { startedMs: toMs(ran.startedNs - this.beginNs) }),
      };
    });
  }

  slices(): Evidence<unknown>['slices'] {
    const tasks = this.#entries.flatMap(({ ended }, index): readonly TracedTask[] =>
      ended?.lane === undefined || ended.ran === undefined ? [] : [{ index, lane: ended.lane, ...ended.ran }],
    );
    return toSlices(this.beginNs, tasks);
  }
}

function secondsOf(input: unknown): number | undefined {
  return isObject(input) && typeof input.seconds === 'number' ? input.seconds : undefined;
}

/** To the microsecond. */
function toMs(ns: Nanoseconds): number {
  return Math.round(ns / 1000) / 1000;
}
