import * as Plot from '@observablehq/plot';
import type { MeasuredCell } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { threeDigits } from '../numbers.ts';
import type { Figure } from './figure.ts';
import { IN_ROW, dotLook } from './rows.ts';
import { drawSpreads, longest } from './spreads.ts';

/** From handing a task over to having its result: quantiles, for each way. */
export function drawTaskTimes(groups: readonly ReportGroup[]): Figure | undefined {
  return drawSpreads(groups, {
    id: 'task-times',
    question: 'How long does one task take?',
    howToRead:
      'From the moment at which the program submits the batch until the task’s result is there, in milliseconds: what a task waits for its turn is in it. Quantiles of a batch, the median batch: the thick part goes from the 25th to the 75th percentile, the thin line from the 5th to the 95th, the light mark is the median, the upright stroke the 99th percentile; the small cross is the longest task of all batches.',
    axis: 'time of a task, ms (logarithmic)',
    missing: (cell) =>
      cell.summary.taskMs.p5 === undefined
        ? ['These results hold no p5, p25, p75 and p95: a line goes from the median to the 90th percentile.']
        : [],
    spread: (cell) => ({
      lowMs: quantiles(cell).p5,
      highMs: cell.summary.taskMs.max,
      text: textOf(cell),
      number: `median ${threeDigits(cell.summary.taskMs.p50)} ms`,
    }),
    marks: (cells, atLeast) => {
      const at =
        (name: keyof ReturnType<typeof quantiles>) =>
        (cell: MeasuredCell): number =>
          atLeast(quantiles(cell)[name]);
      const { stroke } = dotLook;
      return [
        Plot.ruleY(cells, { ...IN_ROW, x1: at('p5'), x2: at('p95'), stroke, strokeWidth: 1.5 }),
        Plot.ruleY(cells, { ...IN_ROW, x1: at('p25'), x2: at('p75'), stroke, strokeWidth: 9 }),
        Plot.tickX(cells, { ...IN_ROW, x: at('p50'), stroke: 'var(--surface)', strokeWidth: 2, inset: 14 }),
        Plot.tickX(cells, { ...IN_ROW, x: at('p99'), stroke, strokeWidth: 1.5, inset: 14 }),
        longest(cells, ({ summary }) => atLeast(summary.taskMs.max)),
      ];
    },
  });
}

/** Results of before they were measured hold no p5, p25, p75 and p95: what is drawn then is from the median to p90. */
function quantiles({
  summary: { taskMs },
}: MeasuredCell): Record<'p5' | 'p25' | 'p50' | 'p75' | 'p95' | 'p99', number> {
  const { p50, p90, p99, p5 = p50, p25 = p50, p75 = p50, p95 = p90 } = taskMs;
  return { p5, p25, p50, p75, p95, p99 };
}

function textOf({ summary: { taskMs } }: MeasuredCell): string {
  const { p5, p50, p95, p99, max } = taskMs;
  return [
    ...(p5 === undefined ? [] : [`p5 ${threeDigits(p5)}`]),
    `median ${threeDigits(p50)}`,
    ...(p95 === undefined ? [] : [`p95 ${threeDigits(p95)}`]),
    `p99 ${threeDigits(p99)}`,
    `longest ${threeDigits(max)} ms`,
  ].join(', ');
}
