import type { TimelineFacts } from '../../stats/timeline-facts.ts';
import { plural, ratio, threeDigits } from '../numbers.ts';

/** What is written in a timeline, in the language of its page. */
export interface TimelineWords {
  readonly ms: (ms: number) => string;
  readonly runningAtOnce: string;
  readonly axis: string;
  readonly startsBeyond: (startMs: number) => string;
  readonly endsBeyond: string;
  readonly lanesDrawn: (drawn: number, all: number) => string;
  readonly tasksDrawn: (drawn: number, all: number) => string;
  readonly inSteps: (stepMs: number) => string;
  /** The whole of it, for whoever cannot see it. */
  readonly alternative: (blocks: readonly NamedTimeline[], scaleMs: number) => string;
}

/** What is told of one block. */
export interface NamedTimeline extends TimelineFacts {
  readonly name: string;
}

export const ENGLISH_TIMELINE: TimelineWords = {
  ms: (ms) => `${threeDigits(ms)} ms`,
  runningAtOnce: 'running at once',
  axis: 'ms since the batch was handed over',
  startsBeyond: (startMs) => `: its first task starts beyond the right edge, after ${threeDigits(startMs)} ms`,
  endsBeyond: ', beyond the right edge',
  lanesDrawn: (drawn, all) => `the first ${drawn} of ${all} lanes are drawn.`,
  tasksDrawn: (drawn, all) => `${drawn} of ${all} tasks under way at once in a lane are drawn; the strip counts all.`,
  inSteps: (stepMs) =>
    `so many short stretches that they are drawn in steps of ${threeDigits(stepMs)} ms, each showing the task that ran longest in it, where code ran for a quarter of it at least; trace.json has them all.`,
  alternative: (blocks, scaleMs) => {
    const told = blocks.map(
      ({ name, tasks, lanes, endMs, meanRunning, peak }) =>
        `${name}: ${plural(tasks, 'task')} in ${plural(lanes, 'lane')}, done after ${threeDigits(endMs)} ms, ${ratio(meanRunning)} running at once on average, at most ${peak}`,
    );
    return `On one scale of ${threeDigits(scaleMs)} ms: ${told.join('; ')}.`;
  },
};
