/** What is read off several pool sizes, or several values of a param. */
import { Type } from 'typebox';
import { described, interval, object, ofGroup, orNotMeasured } from './common.ts';

const fit = described(
  'Universal Scalability Law, fitted to ln(speed-up); intervals at 95% from resampling the blocks. A model, no measurement.',
  {
    contention: interval(
      'σ of the Universal Scalability Law: the share of the work that only one lane can do at a time.',
    ),
    coherency: interval('κ of the Universal Scalability Law: what each pair of lanes costs each other.'),
    peakLanes: orNotMeasured(
      Type.Number(),
      'More lanes than that would be slower, by the model; null: it sees no such number within those that were measured.',
    ),
    curve: Type.Array(object({ lanes: Type.Number(), speedup: Type.Number(), lo: Type.Number(), hi: Type.Number() }), {
      description: 'Between the smallest and the largest pool that were measured; its band is that of the bootstrap.',
    }),
    lackOfFit: Type.Array(Type.Integer({ minimum: 1 }), {
      description:
        'Pool sizes at which the model is beyond the interval of what was measured, and by more than the margin.',
    }),
    isChecked: Type.Boolean({
      description: 'There are more sizes than the model has free values, so that it could be seen not to fit.',
    }),
  },
);

export const scaling = described('How a pool scales with its size.', {
  ...ofGroup,
  cells: Type.Array(Type.String(), { description: 'Cell ids, by pool size: one strategy, one number in flight.' }),
  points: Type.Array(
    object({
      lanes: Type.Integer({ minimum: 1 }),
      speedup: interval('How many times as fast as the smallest pool; 95% shared among the sizes.'),
      serialFraction: Type.Optional(
        interval('Karp and Flatt’s: the serial share that would explain the speed-up over one lane.'),
      ),
    }),
    { description: 'Of every size but the smallest.' },
  ),
  knee: Type.Integer({ description: 'The smallest size that may reach 95% of the best one’s throughput.' }),
  beyondCores: Type.Boolean({ description: 'CPU work on more lanes than there are usable cores.' }),
  fit: Type.Optional(fit),
});

export const prediction = described('A model, no measurement (--predict).', {
  ...ofGroup,
  from: Type.String({ description: 'Cell id: the pool whose run times and dispatches were resampled.' }),
  lanes: Type.Integer({ minimum: 1 }),
  cores: Type.Integer({ minimum: 1, description: 'Of the machine that is simulated.' }),
  speedup: interval('How many times as fast as the pool it is made from, as simulated; 95% of the simulations.'),
  checks: Type.Array(
    object({
      cell: Type.String(),
      lanes: Type.Integer({ minimum: 1 }),
      predicted: Type.Number(),
      measured: Type.Number(),
      error: Type.Number({ description: 'predicted / measured - 1.' }),
    }),
    { description: 'The same simulation for sizes that were measured, on the cores of this machine.' },
  ),
});

export const crossover = described('From which value of a param on another way is worth it.', {
  workload: Type.String(),
  param: Type.String(),
  baseline: Type.String({ description: 'The way that everything is compared with: `event-loop`.' }),
  contender: Type.String({ description: '`worker-threads@2`.' }),
  from: Type.Number({ description: 'The smallest value that was measured.' }),
  to: Type.Number(),
  kind: Type.Enum(['crosses', 'always', 'never', 'several'], {
    description:
      'The contender is faster from some value on; at all values; at none; or who is faster changes more than once.',
  }),
  isSure: Type.Boolean({
    description: 'always, never: every comparison has that verdict. crosses: the interval has both ends.',
  }),
  at: Type.Optional(
    described('Where both are equally fast; 95%, from resampling the blocks.', {
      estimate: Type.Number(),
      lo: orNotMeasured(Type.Number(), 'Null: below the smallest value that was measured.'),
      hi: orNotMeasured(Type.Number(), 'Null: above the largest value that was measured.'),
    }),
  ),
  above: Type.Optional(
    Type.Boolean({ description: 'crosses: the contender is faster above that value; false: below it.' }),
  ),
});
