import { milliseconds, number } from '../../model/language.ts';
import type { LessonsReport } from '../../model/lessons.ts';
import type { TimelineWords } from '../figures/timeline.ts';
import { capital, configurationName } from '../names.ts';
import { duration, plural } from '../numbers.ts';
import { laneNames, type Ran } from './ran.ts';

/** Text around the lessons in English; other languages have the same. */
export const english = {
  number: (value: number) => number(value, 'en'),
  expected: 'expected',
  tutorialSays: 'The tutorial says',
  differs: 'What differs here',
  takeaway: 'Takeaway',
  modifiedCopy: (id: string, file: string) => `modified copy of ${id}: ${file}`,
  source:
    'The tutorial is “Corotines”, a Jupyter notebook in Portuguese on Python’s asyncio. In [5] is its cell 5; “text” is the text between its cells; what is “added” is not in it.',
  notRun: 'could not be run',
  step: (done: number, all: number) => `Step ${done + 1} of ${all}`,
  remaining: (ms: number) => `about ${duration(ms)} left`,
  stopping: 'Stopping.',
  written: 'Written',
  measuredAgain: (attempts: number) => `measured ${attempts} times because a claim failed`,
  timeline: (totalMs: number) =>
    `Timeline, 0–${milliseconds(totalMs, 'en')}: a digit or letter is a task that starts or runs, · is a waiting one`,
  allHold: (lessons: number, claims: number) => {
    if (lessons > 1) return `All ${claims} claims of ${lessons} lessons hold.`;
    return claims === 1 ? 'The claim of the lesson holds.' : `All ${claims} claims of the lesson hold.`;
  },
  someFail: (failed: number, claims: number) => `${failed} of ${claims} claims ${failed === 1 ? 'fails' : 'fail'}.`,
  busy: (used: number, cores: number) =>
    `Just after one had failed, other programs used ${number(used, 'en')} of ${plural(cores, 'CPU')}, which can make claims about times and parallelism fail: run the lessons again when they are done.`,
  incomplete: 'Interrupted: not all lessons were run.',
  facts: ({ unitMs, seed, environment: { cores, node }, durationMs }: LessonsReport) => [
    `one tutorial second: ${milliseconds(unitMs, 'en')}`,
    `seed ${seed}`,
    `${cores} usable ${cores === 1 ? 'CPU' : 'CPUs'}`,
    `Node ${node}`,
    `${number(durationMs / 1000, 'en')} s`,
  ],
  columns: ['lesson', 'in the tutorial', 'event loop', 'threads', 'processes'],
  lane: laneNames({ main: 'main thread', thread: 'worker thread', process: 'child process' }),
  configuration: (configuration: Ran) => capital(configurationName(configuration)),
  yes: 'yes',
  no: 'no',
  nothing: 'nothing',
  title: 'Lanewise lessons: concurrency and parallelism, one measured claim at a time',
  scoreboard: 'Scoreboard',
  /** Heading of the claims of a lesson, in its configurations. */
  claims: 'Claims',
  howToRead:
    'How to read the pictures: one row per worker and, where it has several tasks in flight, one per task. A thick bar is a running task, with its number; a thin one is a waiting task. A task runs from its start, or the end of a wait, also while the system gives its CPU to others. The strip below counts the running tasks; the dashed line marks the usable CPUs, and above it they share these.',
  footer: 'Measured by Lanewise on one machine, at the time shown above.',
  /** Text in the picture of a timeline. */
  drawing: {
    ms: (value) => milliseconds(value, 'en'),
    tick: (value) => number(value, 'en'),
    runningAtOnce: 'running at once',
    axis: 'ms since the start',
    endsBeyond: ', beyond the right edge',
    lanesDrawn: (drawn, all) => `the first ${drawn} of ${all} workers are drawn.`,
    tasksDrawn: (drawn, all) => `${drawn} of ${all} tasks in flight in a worker are drawn.`,
    inSteps: (stepMs) => `Drawn in steps of ${milliseconds(stepMs, 'en')}.`,
    alternative: (blocks, scaleMs) =>
      `On one scale of ${milliseconds(scaleMs, 'en')}: ${blocks
        .map(
          ({ name, tasks, lanes, endMs, peak }) =>
            `${name}: tasks ${tasks}, workers ${lanes}, done after ${milliseconds(endMs, 'en')}, at most ${peak} running at once`,
        )
        .join('; ')}.`,
  } satisfies TimelineWords,
};
