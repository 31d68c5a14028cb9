/** Pulses of arrivals: how the queue of a configuration grows, and when it has recovered. */
import { Type } from 'typebox';
import { object, ofGroup, orNotMeasured, share, size } from './common.ts';

const perSecond = (description: string) => Type.Number({ description });

/** Readings of one pulse. */
const pulse = object({
  block: Type.Integer({ minimum: 0 }),
  arrived: Type.Integer({ minimum: 0, description: 'Tasks that arrived in the pulse.' }),
  growthPerSecond: perSecond('By how many tasks the backlog grew a second in the pulse.'),
  mostBacklog: Type.Integer({ minimum: 0, description: 'The most tasks that were due and had no result yet.' }),
  recoveryMs: orNotMeasured(
    Type.Number(),
    'From the end of the pulse until the first second in which the arriving tasks met the objective, as many as its quantile asks for, and one at least; ms. Null: that was not seen before the end.',
  ),
  offered: Type.Integer({ minimum: 0 }),
  rejected: Type.Integer({ minimum: 0 }),
  gaveUp: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  wasted: object({ tasks: Type.Integer({ minimum: 0 }), runningMs: size() }),
  course: Type.Array(
    object({
      ms: Type.Number({ description: 'Since the start.' }),
      backlog: Type.Integer({ minimum: 0 }),
      latencyMs: orNotMeasured(
        Type.Number(),
        'Longest latency of the tasks that arrived since the previous entry, ms; null: none, or without a result.',
      ),
    }),
    { description: 'Backlog and latency over time.' },
  ),
});

export const overload = object({
  ...ofGroup,
  cell: Type.String({ description: 'Cell id.' }),
  capacity: size('Tasks that the configuration does a second when all are there at once.'),
  isHeld: Type.Boolean({ description: 'The rates are multiples of the rate held; false: of the capacity.' }),
  baseRate: size('Arrivals a second before and after the pulse.'),
  pulseRate: size('Arrivals a second in the pulse.'),
  leadMs: size('Time before the pulse, ms.'),
  pulseMs: size(),
  tailMs: size('Time after the pulse, ms.'),
  growthPerSecond: object({
    measured: perSecond('Median of the pulses.'),
    forecast: perSecond('Tasks that arrived minus the capacity, as far as the queue may grow; median of the pulses.'),
  }),
  recoveryMs: object({
    measured: orNotMeasured(Type.Number(), 'Median of the pulses; null: most had not recovered at the end.'),
    forecast: orNotMeasured(
      Type.Number(),
      'Time in which the grown queue gets so short that tasks meet the objective, if it is done at the capacity like a fluid while those tasks arrive that came; median of the pulses; null: never.',
    ),
  }),
  unrecovered: Type.Integer({ minimum: 0, description: 'Pulses without recovery until the end.' }),
  refused: Type.Integer({
    minimum: 0,
    description: 'Pulses that do not count, since the process that sends the requests could not keep to the schedule.',
  }),
  rejectedShare: share('Share of all tasks of the pulses.'),
  gaveUpShare: share(),
  wastedShare: share('Share that were done although nobody waited any longer.'),
  pulses: Type.Array(pulse),
});
