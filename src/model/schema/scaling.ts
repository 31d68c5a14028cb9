/** Findings from several pool sizes, or from several values of a param. */
import { Type } from 'typebox';
import { described, interval, object, ofGroup, orNotMeasured, share } from './common.ts';

const fit = described(
  'Universal Scalability Law, fitted to ln(speedup), with a CI for each value. A model, not a measurement.',
  {
    contention: interval('Contention (σ): the share of the work that only one worker can do at a time.'),
    coherency: interval('Coherency (κ): what each pair of workers costs each other.'),
    level: Type.Optional(share('Confidence level of each of these CIs; 0.95 if it is absent.')),
    peakLanes: orNotMeasured(
      Type.Number(),
      'More workers than this are slower, by the model: the smallest measured size at least; null: none of the measured sizes is slower than that by more than the minimum effect.',
    ),
    curve: Type.Array(object({ lanes: Type.Number(), speedup: Type.Number(), lo: Type.Number(), hi: Type.Number() }), {
      description: 'The model between the smallest and the largest measured pool; lo and hi are the CI at each size.',
    }),
    lackOfFit: Type.Array(Type.Integer({ minimum: 1 }), {
      description: 'Pool sizes at which the model is outside the measured interval by more than the minimum effect.',
    }),
    isChecked: Type.Boolean({
      description: 'There are more sizes than the model has parameters, so a misfit could show.',
    }),
  },
);

export const scaling = described('How a pool scales with its size.', {
  ...ofGroup,
  cells: Type.Array(Type.String(), { description: 'Cell ids, by pool size; all of one strategy and concurrency.' }),
  points: Type.Array(
    object({
      lanes: Type.Integer({ minimum: 1 }),
      speedup: interval('Speedup over the smallest pool; the level of the look is shared among the sizes.'),
      serialFraction: Type.Optional(
        interval(
          'Serial fraction (Karp–Flatt): the share of serial work that would explain the speedup over one worker.',
        ),
      ),
    }),
    { description: 'All sizes but the smallest.' },
  ),
  level: Type.Optional(share('Confidence level of each of the points.')),
  knee: Type.Integer({ description: 'The smallest size that may reach 95% of the best throughput.' }),
  beyondCores: Type.Boolean({ description: 'CPU-bound work on more workers than usable CPUs.' }),
  fit: Type.Optional(fit),
});

export const prediction = described('Prediction of a model, not a measurement (--predict).', {
  ...ofGroup,
  from: Type.String({ description: 'Id of the cell whose running and dispatch times were resampled.' }),
  lanes: Type.Integer({ minimum: 1 }),
  cores: Type.Integer({ minimum: 1, description: 'CPUs of the simulated machine.' }),
  speedup: interval(
    'Simulated speedup over that cell; the middle 95% of the simulations, no CI: `checks` have the errors of the model.',
  ),
  range: Type.Optional(
    described(
      'Where the speedup lies with the errors that the model had in its checked cases (docs/method.md); absent: there is a doubt.',
      { lo: Type.Number(), hi: Type.Number() },
    ),
  ),
  doubt: Type.Optional(
    Type.Enum(['short-tasks', 'cpu-bound', 'checks', 'larger-machine'], {
      description:
        'Why there is no range: workers spend most of their time between tasks, tasks that wait would use more than half of the CPUs, the model is further off at a measured size (at a larger one: in proportion to the doublings), or no machine of that size was ever compared with its prediction.',
    }),
  ),
  checks: Type.Array(
    object({
      cell: Type.String(),
      lanes: Type.Integer({ minimum: 1 }),
      predicted: Type.Number(),
      measured: Type.Number(),
      error: Type.Number({ description: 'predicted / measured - 1.' }),
    }),
    { description: 'The same simulation for measured sizes, with the CPUs of this machine.' },
  ),
});

export const crossover = described('From which value of a param on another configuration is faster.', {
  workload: Type.String(),
  param: Type.String(),
  baseline: Type.String({ description: 'Short id of the baseline: `event-loop`.' }),
  contender: Type.String({ description: 'Short id of the other configuration: `worker-threads@2`.' }),
  from: Type.Number({ description: 'The smallest measured value.' }),
  to: Type.Number(),
  kind: Type.Enum(['crosses', 'always', 'never', 'several'], {
    description:
      'The other configuration is faster from some value on (crosses), at all values, at none, or the faster one changes more than once (several).',
  }),
  isSure: Type.Boolean({
    description:
      'always, never: every comparison shows that direction. crosses: the CI has both ends. Neither where a measurement was interrupted.',
  }),
  at: Type.Optional(
    described('The value at which both are equally fast, interpolated, with its CI.', {
      estimate: Type.Number(),
      lo: orNotMeasured(Type.Number(), 'Null: below the smallest measured value.'),
      hi: orNotMeasured(Type.Number(), 'Null: above the largest measured value.'),
      level: Type.Optional(share('Confidence level; 0.95 if it is absent.')),
    }),
  ),
  between: Type.Optional(
    described('crosses: the neighboring measured values between which it was interpolated.', {
      from: Type.Number(),
      to: Type.Number(),
    }),
  ),
  above: Type.Optional(
    Type.Boolean({ description: 'crosses: the other configuration is faster above that value; false: below it.' }),
  ),
});
