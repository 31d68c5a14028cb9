import type { ChosenFor, MeasuredCell, TuningGoal } from '../model/results.ts';

type Cost = Exclude<TuningGoal['for'], 'throughput'>;

/** Whether throughput is only a limit. */
export function isForCost(goal: TuningGoal | undefined): goal is TuningGoal & { readonly for: Cost } {
  return goal !== undefined && goal.for !== 'throughput';
}

const BEST = {
  latency: 'the lowest task latency p99',
  responsiveness: 'the lowest event-loop delay p99',
  memory: 'the least memory',
} as const satisfies Record<Cost, string>;

const ADVANTAGES: Readonly<Record<ChosenFor, string>> = {
  only: 'nothing is tied with it',
  'near-best': 'no other looks as close to the best',
  'beats-baseline': 'no other is significantly faster than the baseline',
  'no-server': 'the others need a server',
  'fewest-workers': 'it needs the fewest workers',
  'libuv-threads': 'it needs the fewest libuv threads of those with as few workers',
  kept: 'it is the baseline, and none as good needs fewer workers',
  plainest: 'it has the simplest concurrency of those with as few workers',
  'looks-best': 'it looks best of those with as few workers',
  'least-cpu': 'it needs the least CPU time per task of those with as few workers',
  'least-memory': 'it needs the least memory of those with as few workers',
  baseline: 'it is the baseline, and none of the others is cheaper',
  first: 'none of the others is cheaper',
};

/** The reason for the choice in words, as results.json has it. */
export function because(
  choice: MeasuredCell,
  fastest: MeasuredCell,
  tied: readonly MeasuredCell[],
  chosenFor: ChosenFor,
  goal: TuningGoal | undefined,
): string {
  const advantage = ADVANTAGES[chosenFor];
  if (isForCost(goal)) {
    const best = BEST[goal.for];
    const among = `of those that keep ${Math.round(goal.minThroughput * 100)}% of the best throughput`;
    return tied.length === 1 ? `it has ${best} ${among}` : `tied for ${best} ${among}, and ${advantage}`;
  }
  if (tied.length === 1) return 'every other configuration is significantly slower';
  return `${standing(choice, fastest, tied.length)}${advantage}`;
}

function standing(choice: MeasuredCell, fastest: MeasuredCell, ties: number): string {
  if (choice !== fastest) return `tied with ${fastest.id}, which looked fastest, and `;
  return ties === 2
    ? 'fastest, tied with one other configuration, and '
    : `fastest, tied with ${ties - 1} other configurations, and `;
}
