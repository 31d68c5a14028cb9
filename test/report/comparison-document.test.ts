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

it('a comparison names what three earlier runs show apart from what fewer do', () => {
  const both = (wallMs: number, startedAt: string, ...ids: readonly string[]): Results => {
    const [cell] = runOf(wallMs, startedAt).cells;
    if (cell === undefined) throw new Error('a run has a cell');
    return {
      ...runOf(wallMs, startedAt),
      cells: [
        cell,
        ...ids.map((id) => ({ ...cell, ...cellOf({ id, wallsMs: cell.samples.map((sample) => sample.wallMs) }) })),
      ],
    };
  };
  const threads = 'work/worker-threads@2';
  const notes = (...olds: readonly (readonly string[])[]): string => {
    const [first = runOf(1, ''), ...others] = olds.map((ids, day) => both(99 + day, `2026-11-0${day + 1}`, ...ids));
    return JSON.stringify(
      comparisonDocument(compareRuns([first, ...others], both(140, '2026-11-09', threads), 0.05)).blocks,
    );
  };
  const ALL = "The CIs are as wide as the 3 earlier runs differ among themselves (Student's t). The runs share";
  expect(notes([threads], [threads], [threads])).toContain(ALL);
  expect(notes([], [threads], [threads])).toContain(
    "The CIs of what 3 earlier runs have measured are as wide as the 3 earlier runs differ among themselves (Student's t). Of the rest, nothing is shown to be slower or faster: give 3 or more earlier runs",
  );
  expect(notes([threads])).toContain('"Nothing is shown to be slower or faster: give 3 or more earlier runs');
});
