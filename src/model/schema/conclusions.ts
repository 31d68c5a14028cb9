/** Conclusions about configurations that were measured in the same blocks. */
import { Type } from 'typebox';
import { described, intervalFields, object, ofGroup, share } from './common.ts';

export const verdict = Type.Enum(['faster', 'slower', 'same', 'inconclusive']);
export const speedup = object({
  estimate: Type.Number({
    description: 'Time of the baseline divided by time of the configuration, for a typical batch.',
  }),
  lo: Type.Number(),
  hi: Type.Number(),
  level: share(
    'Confidence level of this interval: 95% shared among the comparisons of the workload with its baseline, the looks and the race.',
  ),
});

/** The same for other comparisons. */
const ratio = (description: string) => described(description, { ...intervalFields, level: share() });

export const comparison = object({
  ...ofGroup,
  baseline: Type.String({ description: 'Cell id.' }),
  contender: Type.String({ description: 'Cell id.' }),
  speedup,
  totalSpeedup: Type.Optional(
    ratio(
      'Time of all batches of the baseline divided by that of the configuration, in the same rounds: rare slow batches count in full, while `speedup` is that of a typical batch. Its CI is a bootstrap over the blocks, at 95% by itself, and cannot cover slow batches too rare to have occurred: with n batches, those rarer than 3 in n may be missing. No verdict rests on it.',
    ),
  ),
  verdict,
  unrepeated: Type.Optional(
    described('The same with disturbed blocks as first measured; absent: the verdict would not differ.', {
      speedup,
      verdict,
    }),
  ),
  blocks: Type.Integer({ minimum: 1 }),
  blocksToDecide: Type.Optional(
    Type.Integer({ description: 'If inconclusive: number of blocks that would likely decide it.' }),
  ),
});

export const upperBoundSample = object({
  block: Type.Integer({ minimum: 0 }),
  round: Type.Integer({ minimum: 0 }),
  wallMs: Type.Number({ exclusiveMinimum: 0, description: 'Their joint throughput, as the time of one batch.' }),
});
export const upperBound = described(
  'Upper bound: independent processes without messaging, measured in the same blocks.',
  {
    ...ofGroup,
    lanes: Type.Integer({ minimum: 1, description: 'Independent processes at once.' }),
    samples: Type.Array(upperBoundSample),
    baseline: Type.String({ description: 'Cell id.' }),
    speedup,
    best: Type.String({ description: 'Id of the cell with the highest throughput.' }),
    share: ratio('Share of the upper bound’s throughput that the best cell reaches.'),
  },
);

const tradeOff = described('What following the recommendation gives up; absent: nothing significant.', {
  cell: Type.String({ description: 'Id of a cell that is about as fast as the choice, or faster.' }),
  speedup: ratio('Its speedup over the choice.'),
  loopDelayMs: Type.Optional(
    ratio('How much longer the choice blocks the main thread (event-loop delay p99), as a factor, if more than twice.'),
  ),
  taskP50Ms: Type.Optional(ratio('How much longer the median task takes with the choice, as a factor, if above two.')),
  taskP99Ms: Type.Optional(ratio('The same for the p99 of a task.')),
});

export const recommendation = object({
  ...ofGroup,
  choose: Type.String({ description: 'Cell id: the cheapest of the tie.' }),
  fastest: Type.String({ description: 'Cell id.' }),
  tied: Type.Array(Type.String(), {
    description:
      'Ids of the cells tied with the fastest: none is significantly slower by more than the minimum effect.',
  }),
  shown: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Those of the tie from which the choice was made: significantly faster than the baseline, if any is; and with another size of libuv’s pool, than with the usual one. Absent: all of the tie, and in earlier results.',
    }),
  ),
  withinBest: Type.Optional(
    Type.Number({
      description:
        'Upper bound of how much longer a batch takes with the choice than with any other, as a fraction: 0.04 is at most 4%. At the level that the comparisons share.',
    }),
  ),
  because: Type.String({
    description: 'The reason in words, for readers of the file; reports use `tied` and `chosenFor`.',
  }),
  chosenFor: Type.Optional(
    Type.Enum(
      [
        'only',
        'near-best',
        'beats-baseline',
        'no-server',
        'fewest-workers',
        'libuv-threads',
        'kept',
        'plainest',
        'looks-best',
        'least-cpu',
        'least-memory',
        'baseline',
        'first',
      ],
      {
        description:
          'Why this one of the tie was chosen. only: it is the only one. near-best: of `shown`, no other is within half the minimum effect of the best of these by its estimate. beats-baseline: no other is significantly faster than the baseline. kept: the baseline of a tuning, which is the current configuration if that was given. plainest: one task at a time in each worker, or the fewest tasks at once. baseline, first: no reason to prefer another.',
      },
    ),
  ),
  tradeOff: Type.Optional(tradeOff),
});
