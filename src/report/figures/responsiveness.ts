import * as Plot from '@observablehq/plot';
import type { MeasuredCell } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { threeDigits } from '../numbers.ts';
import type { Figure } from './figure.ts';
import { IN_ROW, dotLook } from './rows.ts';
import { drawSpreads, longest } from './spreads.ts';

/** How long the main thread lets events wait, for each configuration. */
export function drawResponsiveness(groups: readonly ReportGroup[]): Figure | undefined {
  return drawSpreads(groups, {
    id: 'responsiveness',
    question: 'Does the main thread stay responsive?',
    howToRead:
      'How long an event that comes at any moment of a batch would wait for the main thread: the line goes from the median to the 99th percentile, which the sign marks and the number tells; the small cross is the worst. Further left, everything else that the process has to do waits less.',
    axis: 'event-loop delay, ms (logarithmic)',
    spread: ({ summary: { loopDelayMs } }) => ({
      lowMs: loopDelayMs.p50,
      highMs: loopDelayMs.max,
      text: `median ${threeDigits(loopDelayMs.p50)}, p99 ${threeDigits(loopDelayMs.p99)}, worst ${threeDigits(loopDelayMs.max)} ms`,
      number: `p99 ${threeDigits(loopDelayMs.p99)} ms`,
    }),
    marks: (cells, atLeast) => [
      Plot.ruleY(cells, {
        ...IN_ROW,
        x1: ({ summary }: MeasuredCell) => atLeast(summary.loopDelayMs.p50),
        x2: ({ summary }: MeasuredCell) => atLeast(summary.loopDelayMs.p99),
        stroke: dotLook.stroke,
        strokeWidth: 2.5,
      }),
      Plot.dot(cells, {
        ...IN_ROW,
        ...dotLook,
        x: ({ summary }: MeasuredCell) => atLeast(summary.loopDelayMs.p99),
        r: 4.5,
        strokeWidth: 1.5,
      }),
      longest(cells, ({ summary }) => atLeast(summary.loopDelayMs.max)),
    ],
  });
}
