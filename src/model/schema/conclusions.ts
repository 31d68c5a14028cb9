/** What is concluded of configurations that were measured beside each other. */
import { Type } from 'typebox';
import { described, intervalFields, object, ofGroup } from './common.ts';

const verdict = Type.Enum(['faster', 'slower', 'same', 'inconclusive']);
const speedup = object({
  estimate: Type.Number({ description: 'How many times as fast as the baseline.' }),
  lo: Type.Number(),
  hi: Type.Number(),
  level: Type.Number({
    description: 'Confidence level of this interval: 95% shared among the comparisons shown together.',
  }),
});

/** The same of other comparisons. */
const ratio = (description: string) => described(description, { ...intervalFields, level: Type.Number() });

export const comparison = object({
  ...ofGroup,
  baseline: Type.String({ description: 'Cell id.' }),
  contender: Type.String({ description: 'Cell id.' }),
  speedup,
  verdict,
  blocks: Type.Integer({ minimum: 1 }),
  blocksToDecide: Type.Optional(Type.Integer({ description: 'If inconclusive: how many blocks would likely decide.' })),
});

export const ceilingSample = object({
  block: Type.Integer({ minimum: 0 }),
  round: Type.Integer({ minimum: 0 }),
  wallMs: Type.Number({ exclusiveMinimum: 0, description: 'What they do together, as the time of one batch.' }),
});
export const ceiling = described('What plain processes can give at most, measured in the same blocks.', {
  ...ofGroup,
  lanes: Type.Integer({ minimum: 1, description: 'Plain processes at once, in which nothing is handed over.' }),
  samples: Type.Array(ceilingSample),
  baseline: Type.String({ description: 'Cell id.' }),
  speedup,
  best: Type.String({ description: 'Id of the cell that looked fastest.' }),
  share: ratio('How much of the ceiling’s throughput the best cell reaches.'),
});

const tradeOff = described('What whoever follows the recommendation gives up; absent: nothing was shown.', {
  cell: Type.String({ description: 'Cell id: about as fast as the choice, or faster.' }),
  speedup: ratio('How many times as fast as the choice it is.'),
  loopDelayMs: Type.Optional(
    ratio('How many times as long the choice holds the main thread (event-loop delay p99), if more than twice.'),
  ),
  taskP50Ms: Type.Optional(ratio('How many times as long the median task takes with the choice, if more than twice.')),
  taskP99Ms: Type.Optional(ratio('The same of the p99 of a task.')),
});

export const recommendation = object({
  ...ofGroup,
  choose: Type.String({ description: 'Cell id: the cheapest of the tie.' }),
  fastest: Type.String({ description: 'Cell id.' }),
  tied: Type.Array(Type.String(), {
    description: 'Cell ids not shown to be slower than the fastest by more than the margin.',
  }),
  because: Type.String({
    description: 'In words, for whoever reads the file alone: reports say it with `tied` and `chosenFor`.',
  }),
  chosenFor: Type.Optional(
    Type.Enum(
      [
        'only',
        'near-best',
        'beats-baseline',
        'fewest-workers',
        'libuv-threads',
        'kept',
        'looks-best',
        'least-cpu',
        'least-memory',
        'baseline',
        'first',
      ],
      {
        description:
          'What told the choice from the rest of the tie. only: there is no other. near-best: no other looks within half of the minimum effect of the best. beats-baseline: no other was shown to be faster than the baseline. kept: the present setting. baseline, first: nothing did.',
      },
    ),
  ),
  tradeOff: Type.Optional(tradeOff),
});
