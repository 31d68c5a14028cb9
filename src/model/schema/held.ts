/** Conclusions of a search: the rate that each configuration holds, and how these compare. */
import { Type } from 'typebox';
import { verdict } from './conclusions.ts';
import { described, object, ofGroup, orNotMeasured, share, size } from './common.ts';

/** Arrivals of a window in which queues get about as long as in an endless one. */
export const LONG_WINDOW = 4000;

/** An interval with an end beyond what was measured has none there. */
const openInterval = {
  lo: orNotMeasured(Type.Number(), 'null: beyond the rates that were measured, or too few blocks.'),
  hi: orNotMeasured(Type.Number(), 'null: beyond the rates that were measured, or too few blocks.'),
  level: share('Confidence level of this interval.'),
};

export const held = object({
  ...ofGroup,
  cell: Type.String({ description: 'Cell id.' }),
  kind: Type.Enum(['at', 'above', 'below', 'none'], {
    description:
      'at: the rate is within those measured; above, below: the highest measured rate is held, the lowest is not, so `rate.estimate` is a bound; none: a task that meets no other takes longer than the objective.',
  }),
  rate: orNotMeasured(
    described('Arrivals per second at which the objective is just met; its interval is at 95% by itself.', {
      estimate: size(),
      ...openInterval,
    }),
    'null: no rate holds the objective.',
  ),
  searched: orNotMeasured(size(), 'The rate that the search found, around which it was measured; null: none.'),
  missShare: orNotMeasured(
    share(),
    'Share of all tasks that missed the objective, at the measured rate closest to it; null: none was measured.',
  ),
  lastingShare: Type.Optional(
    Type.Number({
      description: `How much of the rate a plain queue like the configuration holds in windows of ${LONG_WINDOW} arrivals, since shorter ones show fewer of the longest queues; absent: its own have as many, the rate is a bound, the queue is limited, or nothing is known of such a queue.`,
    }),
  ),
  isDriverLimited: Type.Optional(
    Type.Literal(true, {
      description:
        'More than a quarter of its windows at the rates next to it are refused, since the driver was late: the rate may be too high, and is not compared. Absent: fewer.',
    }),
  ),
  blocks: Type.Integer({ minimum: 0 }),
});

export const heldComparison = object({
  ...ofGroup,
  baseline: Type.String({ description: 'Cell id.' }),
  contender: Type.String({ description: 'Cell id.' }),
  speedup: described(
    'Rate that the configuration holds divided by that of the baseline, paired block by block; the level is 95%, shared among the configurations that are compared with it.',
    {
      estimate: orNotMeasured(Type.Number(), 'null: unknown.'),
      kind: Type.Enum(['at', 'above', 'below', 'unknown'], {
        description:
          'above, below: one of the two rates is beyond those measured, so the estimate is a bound; unknown: both are.',
      }),
      ...openInterval,
    },
  ),
  verdict,
  blocks: Type.Integer({ minimum: 1 }),
});

export const loadRecommendation = object({
  ...ofGroup,
  choose: Type.String({ description: 'Cell id: the fewest workers of the tie.' }),
  most: Type.String({ description: 'Id of the cell that holds the highest rate, by its estimate.' }),
  tied: Type.Array(Type.String(), {
    description:
      'Ids of the cells that are not shown to hold a lower rate than any other by more than the minimum effect.',
  }),
  chosenFor: Type.Enum(['only', 'fewest-workers', 'least-cpu', 'first'], {
    description: 'Why this one of the tie was chosen. first: nothing else decides.',
  }),
});
