import type { LessonsReport, TaughtLesson, TaughtWay } from '../../model/lessons.ts';
import type { StrategyName } from '../../model/results.ts';

/** How many claims hold, and how many there are. */
export interface Score {
  readonly held: number;
  readonly all: number;
  /** Some claim fails, or there is none because the lesson could not be performed. */
  readonly isFailed: boolean;
}

export function scoreOf(ways: readonly TaughtWay[]): Score {
  const claims = ways.flatMap((way) => way.claims);
  return {
    held: claims.filter(({ pass }) => pass).length,
    all: claims.length,
    isFailed: ways.some(({ pass }) => !pass),
  };
}

export function allWays({ lessons }: Pick<LessonsReport, 'lessons'>): readonly TaughtWay[] {
  return lessons.flatMap(({ ways }) => ways);
}

/** The columns of the scoreboard after the names of a lesson. */
const STRATEGIES: readonly StrategyName[] = ['event-loop', 'worker-threads', 'child-processes'];

export interface ScoreRow {
  readonly lesson: TaughtLesson;
  /** For each of the three strategies its ways, in the order of the columns. */
  readonly ways: readonly (readonly TaughtWay[])[];
}

export function scoreboard({ lessons }: Pick<LessonsReport, 'lessons'>): readonly ScoreRow[] {
  return lessons.map((lesson) => ({
    lesson,
    ways: STRATEGIES.map((strategy) => lesson.ways.filter((way) => way.strategy === strategy)),
  }));
}
