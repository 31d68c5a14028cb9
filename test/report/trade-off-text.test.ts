import { expect, it } from 'vitest';
import type { Recommendation, Results } from '../../dist/src/model/results.js';
import { tieSentence, tradeOffClause } from '../../dist/src/report/trade-off-text.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { cellOf, resultsOf } from '../support/results.js';

const LOOP = cellOf({ id: 'work/event-loop', wallsMs: [100] });
const THREADS = cellOf({ id: 'work/worker-threads@2', strategy: 'worker-threads', poolSize: 2, wallsMs: [100] });

it('throughput that ties differs significantly only if its interval leaves 1 out', () => {
  const clause = (lo: number, hi: number): string => {
    const tradeOff = { cell: THREADS.id, speedup: { estimate: (lo + hi) / 2, lo, hi, level: 0.95 } };
    return tradeOffClause({ choice: LOOP, other: THREADS, tradeOff, comesFirst: true });
  };
  expect(clause(0.97, 1.04)).toMatch(/^no significant difference in throughput; /);
  expect(clause(0.95, 0.98)).toMatch(/^tied in throughput; /);
  expect(clause(1.01, 1.04)).toMatch(/^tied in throughput; /);
});

it('a kept configuration is that of the user if it was given as the current one, and otherwise the baseline', () => {
  const { options } = resultsOf();
  const chosenFor = (reason: Recommendation['chosenFor'], current?: string): string | undefined => {
    const results: Results = resultsOf({
      options: { ...options, tuning: { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 4 } },
      cells: [LOOP, THREADS],
      recommendations: [
        {
          workload: 'work',
          params: {},
          choose: LOOP.id,
          fastest: LOOP.id,
          tied: [LOOP.id, THREADS.id],
          because: '',
          ...(reason && { chosenFor: reason }),
        },
      ],
      tuning: {
        choose: LOOP.id,
        finalists: [LOOP.id, THREADS.id],
        screened: 2,
        durationMs: 1,
        screeningMs: 1,
        leftOut: [],
        ...(current !== undefined && { current }),
      },
    });
    return groupResults(results).map(tieSentence)[0];
  };
  expect(chosenFor('kept', LOOP.id)).toMatch(/chosen: your current configuration; none as good needs fewer workers\.$/);
  expect(chosenFor('kept')).toMatch(/chosen: the baseline; none as good needs fewer workers\.$/);
  expect(chosenFor('fewest-workers', LOOP.id)).toMatch(/chosen: fewest workers\.$/);
});

it('a reason is that of the configurations that look as good, where another that is tied costs less', () => {
  const four = cellOf({ id: 'work/worker-threads@4', strategy: 'worker-threads', poolSize: 4, wallsMs: [100] });
  const reasonWith = (
    reason: NonNullable<Recommendation['chosenFor']>,
    tied: readonly string[],
  ): string | undefined => {
    const choice = { workload: 'work', params: {}, choose: THREADS.id, fastest: THREADS.id, because: '' };
    const recommendations = [{ ...choice, tied: [THREADS.id, ...tied], chosenFor: reason }];
    return groupResults(resultsOf({ cells: [LOOP, THREADS, four], recommendations })).map(tieSentence)[0];
  };
  expect(reasonWith('fewest-workers', [four.id])).toMatch(/chosen: fewest workers\.$/);
  expect(reasonWith('fewest-workers', [four.id, LOOP.id])).toMatch(
    /chosen: fewest workers of those that look as good\.$/,
  );
  expect(reasonWith('first', [LOOP.id])).toMatch(/chosen: none that looks as good needs fewer workers,/);
  expect(reasonWith('no-server', [LOOP.id])).toMatch(/chosen: the others that look as good need a server\.$/);
  expect(reasonWith('plainest', [LOOP.id])).toMatch(/chosen: the simplest of those with as few workers\.$/);
  expect(reasonWith('kept', [LOOP.id])).toMatch(/chosen: the baseline; none as good needs fewer workers\.$/);
});
