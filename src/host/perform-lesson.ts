import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { CallEnd } from '../lanes/call.ts';
import { strategies } from '../lanes/registry.ts';
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

/** Opens the lanes, runs the experiment, waits for all its tasks, and closes the lanes. */
export async function perform({
  lesson,
  configuration,
  unitMs,
  seed,
  services,
}: LessonAssignment): Promise<Evidence<unknown>> {
  const code = await loadWorkload(lesson);
  if (!isLesson(code)) throw new Error('the default export has no `experiment` function');
  const assignment = {
    workload: lesson,
    params: { unit: unitMs },
    services,
    cell: 'lesson',
    concurrency: configuration.concurrency,
  };
  const open = await strategies[configuration.strategy]();
  const lanes = await open(assignment, { poolSize: configuration.poolSize, atomics: 'sync', transferOf: undefined });
  try {
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
    const beganNs = nowNs();
    const { value: result, ...times } = await timed(() => code.experiment(stage));
    const ended = await allOf(started);
    const lanesLost = await lanes.lanesLost();
    const tasks = ended.map((task) => storyOf(task, beganNs));
    return { result, ...times, phases, tasks, slices: slicesOf(ended, beganNs), lanesLost };
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

/** The end of a task that the experiment started. */
interface Ended {
  readonly input: unknown;
  readonly how: CallEnd;
  readonly endedNs: Nanoseconds;
}

/** Waits for all tasks, including those started meanwhile. */
async function allOf(started: readonly Promise<Ended>[]): Promise<readonly Ended[]> {
  let ended: readonly Ended[] = [];
  do ended = await Promise.all(started);
  while (ended.length < started.length);
  return ended;
}

function storyOf({ input, how: { outcome, lane, ran }, endedNs }: Ended, beganNs: Nanoseconds): TaskStory {
  const seconds = secondsOf(input);
  return {
    outcome,
    endedMs: toMs(endedNs - beganNs),
    ...(seconds !== undefined && { seconds }),
    ...(lane !== undefined && { lane }),
    ...(ran !== undefined && { startedMs: toMs(ran.startedNs - beganNs) }),
  };
}

function slicesOf(ended: readonly Ended[], beganNs: Nanoseconds): Evidence<unknown>['slices'] {
  const tasks = ended.flatMap(({ how: { lane, ran } }, index): readonly TracedTask[] =>
    lane === undefined || ran === undefined ? [] : [{ index, lane, ...ran }],
  );
  return toSlices(beganNs, tasks);
}

function secondsOf(input: unknown): number | undefined {
  return isObject(input) && typeof input.seconds === 'number' ? input.seconds : undefined;
}

/** Rounds to microseconds. */
function toMs(ns: Nanoseconds): number {
  return Math.round(ns / 1000) / 1000;
}
