import type { ChosenFor, MeasuredCell, TuningGoal } from '../model/results.ts';

const BEST = {
  latency: 'the shortest p99 of a task',
  responsiveness: 'the lowest event-loop delay p99',
  memory: 'the least memory',
} as const;

const ADVANTAGES: Readonly<Record<ChosenFor, string>> = {
  only: 'nothing is tied with it',
  'near-best': 'no other looks as near to the best',
  'beats-baseline': 'no other was shown to be faster than the baseline',
  'fewest-workers': 'it needs the fewest workers',
  'libuv-threads': 'it needs the fewest libuv threads of those with as few workers',
  kept: 'it is the present setting, and nothing as good needs fewer workers',
  'looks-best': 'it looks best of those with as few workers',
  'least-cpu': 'it needs the least CPU time per task of those with as few workers',
  'least-memory': 'it needs the least memory of those with as few workers',
  baseline: 'it is the baseline, and none of the others is cheaper',
  first: 'none of the others is cheaper',
};

/** Why the choice is recommended, in words: what results have held from the first version on. */
export function because(
  choice: MeasuredCell,
  fastest: MeasuredCell,
  tied: readonly MeasuredCell[],
  chosenFor: ChosenFor,
  goal: TuningGoal | undefined,
): string {
  const advantage = ADVANTAGES[chosenFor];
  if (goal !== undefined && goal.for !== 'throughput') {
    const best = BEST[goal.for];
    const among = `of those not shown to do less than ${Math.round(goal.minThroughput * 100)} % of the best throughput`;
    return tied.length === 1
      ? `it has ${best} ${among}`
      : `not shown to be worse than any with ${best} ${among}, and ${advantage}`;
  }
  if (tied.length === 1) return 'every other configuration was shown to be slower';
  return `${standing(choice, fastest, tied.length)}${advantage}`;
}

function standing(choice: MeasuredCell, fastest: MeasuredCell, ties: number): string {
  if (choice !== fastest) return `not shown to be slower than ${fastest.id}, which looked fastest, and `;
  return ties === 2
    ? 'fastest, though one other configuration was not shown to be slower, and '
    : `fastest, though ${ties - 1} other configurations were not shown to be slower, and `;
}
