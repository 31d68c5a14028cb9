import { parseHTML } from 'linkedom';
import { expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { comparisonDocument } from '../../dist/src/report/comparison-document.js';
import { dressPage } from '../../dist/src/report/dress/page.js';
import { compareRuns } from '../../dist/src/stats/compare-runs.js';
import { cellOf, resultsOf } from '../support/results.js';

function runOf(wallMs: number, startedAt: string): Results {
  const wallsMs = Array.from({ length: 12 }, (_, block) => wallMs * (1 + ((block * 7) % 5) * 0.004));
  return resultsOf({ startedAt, cells: [cellOf({ id: 'work/event-loop', wallsMs })] });
}

it('the page of a comparison colors a ratio only if there is a verdict', async () => {
  const barsOf = async (...earlier: readonly Results[]): Promise<readonly (string | null)[]> => {
    const [first = runOf(100, '2026-11-01'), ...others] = earlier;
    const comparison = compareRuns([first, ...others], runOf(140, '2026-11-09'), 0.05);
    const { document } = parseHTML(await dressPage(comparisonDocument(comparison)));
    return [...document.querySelectorAll('.ratio')].map((bar) => bar.getAttribute('class'));
  };
  // How much runs differ is unknown from fewer than three.
  expect(await barsOf()).toEqual(['ratio']);
  const three = [99, 100, 101].map((wallMs, day) => runOf(wallMs, `2026-11-0${day + 1}`));
  expect(await barsOf(...three)).toEqual(['ratio bad']);
});
