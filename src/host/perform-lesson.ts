import { strategies } from '../lanes/registry.ts';
import { nowNs } from '../../workers/clock.ts';
import type { LessonCode } from '../../workers/lesson-code.ts';
import { loadWorkload } from '../../workers/load-workload.ts';
import type { Evidence } from '../model/lessons.ts';
import type { LessonAssignment } from './host-protocol.ts';
import { openStage, timed } from './lesson-stage.ts';
import { slicesOf, storyOf } from './lesson-story.ts';

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
    const { stage, phases, allEnded } = openStage(lanes, { unitMs, seed, services });
    const beganNs = nowNs();
    const { value: result, ...times } = await timed(() => code.experiment(stage));
    const ended = await allEnded();
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
