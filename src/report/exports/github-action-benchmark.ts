import type { Results } from '../../model/results.ts';
import { jsonText } from '../../model/text.ts';
import { displayable } from '../displayable.ts';
import { threeDigits } from '../numbers.ts';
import { measuredCells } from './measured-cells.ts';

/** Marks the file; the format has no other place for it. */
const MADE_BY = 'measured by Lanewise';

/**
 * Input of github-action-benchmark (https://github.com/benchmark-action/github-action-benchmark), tool
 * `customSmallerIsBetter`: the time of a batch in milliseconds, with its CI as the range. Names are escaped because the
 * action puts them into Markdown tables.
 */
export function renderGithubActionBenchmark(results: Results): string {
  const entries = measuredCells(displayable(results)).map(({ cell: { id, summary }, workload }) => {
    const { median, lo, hi } = summary.wallMs;
    return {
      name: id.replaceAll('`', "'").replaceAll('|', '¦').replaceAll(/\s+/g, ' '),
      unit: 'ms',
      value: median,
      ...(lo !== null && hi !== null && { range: `${threeDigits(lo)} to ${threeDigits(hi)}` }),
      extra: `batches of ${workload.tasks} tasks\n${threeDigits(summary.tasksPerSecond)} tasks/s\n${MADE_BY}`,
    };
  });
  return jsonText(entries, 2);
}
