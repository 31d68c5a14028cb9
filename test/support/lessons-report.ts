import type { LessonsReport, TaughtLesson, TaughtConfiguration } from '../../dist/src/model/lessons.js';
import { resultsOf } from './results.js';
import { run, wait } from './report-results.js';

const WAY: TaughtConfiguration = {
  configuration: 'event-loop',
  strategy: 'event-loop',
  poolSize: 1,
  concurrency: 'all',
  durationMs: 81,
  pass: true,
  attempts: 1,
  claims: [
    { text: 'the total is near 80 ms', expected: 80, measured: 80.4, unit: 'ms', pass: true },
    { text: 'results', expected: [1, 2], measured: [1, 2], pass: true },
  ],
  notMeasured: ['Not measured: this system does not count context switches.'],
  slices: [run(0, 0, 0, 4), wait(0, 0, 4, 80), run(1, 0, 4, 5), wait(1, 0, 5, 80)],
  error: undefined,
};

const LESSON: TaughtLesson = {
  id: 'one-awaited',
  origin: 'In [3]: awaiting',
  title: 'One coroutine, awaited',
  idea: 'A coroutine that waits costs the time that it waits.',
  tutorial: 'The program says "4 seconds".',
  differs: 'A promise runs as soon as it is made.',
  takeaway: 'Wait for what you need.',
  modifiedCopy: undefined,
  code: [{ file: 'one-awaited.ts', text: "const [a] = await all<number>([task('<1>')]);\n\nreturn a && 17;" }],
  byLane: false,
  rows: undefined,
  configurations: [
    WAY,
    {
      ...WAY,
      configuration: 'worker-threads@2',
      strategy: 'worker-threads',
      poolSize: 2,
      pass: false,
      attempts: 3,
      claims: [{ text: 'tasks at once', expected: 2, measured: 1, pass: false }],
    },
    {
      ...WAY,
      configuration: 'child-processes@2',
      strategy: 'child-processes',
      pass: false,
      claims: [],
      slices: [],
      error: 'exit 7',
    },
  ],
};

/** Two lessons: claims that hold and that fail, and a configuration that could not be run. */
export const LESSONS: LessonsReport = {
  lang: 'en',
  unitMs: 40,
  seed: 5,
  startedAt: '2026-01-02T03:04:05.678Z',
  durationMs: 1234,
  environment: resultsOf().environment,
  lessons: [
    LESSON,
    { ...LESSON, id: 'nested-groups', title: 'Groups in a group', origin: 'text: groups', configurations: [WAY] },
  ],
  complete: false,
};
