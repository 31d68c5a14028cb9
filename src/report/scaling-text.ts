import type { Cell, Crossover, Prediction, Results, Scaling } from '../model/results.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { curveName, shortId } from '../model/cell-id.ts';
import { present } from './document.ts';
import { capital } from './names.ts';
import { inPercent, percent, plural, ratio, threeDigits, withInterval } from './numbers.ts';

/** With two sizes there is a speed-up and nothing that could bend. */
const LEAST_POINTS = 2;

/** What several pool sizes say together: one or two sentences for each pool, then what a simulation makes of it. */
export function scalingSentences(group: ReportGroup, cores: number): readonly string[] {
  const curves = group.scaling.filter(({ points }) => points.length >= LEAST_POINTS);
  return [
    ...curves.map((curve) => scalingSentence(curve, nameOf(curve.cells[0], group, curveName), cores)),
    ...group.predictions.map((prediction) => predictionSentence(prediction, group)),
  ];
}

/** Of the cell with that id. */
function nameOf(id: string | undefined, { cells }: ReportGroup, name: (cell: Cell) => string): string {
  const cell = cells.find((other) => other.id === id);
  return cell === undefined ? (id ?? '') : name(cell);
}

type Fit = NonNullable<Scaling['fit']>;

function scalingSentence({ points, knee, fit, beyondCores }: Scaling, name: string, cores: number): string {
  const largest = points.at(-1);
  const serial = largest?.serialFraction;
  const enough =
    knee === largest?.lanes
      ? `more lanes pay up to ${knee}, the most that were measured`
      : `the knee is at ${plural(knee, 'lane')}, the smallest pool that may do 95 % of the best`;
  return present(
    `${name}: ${enough}.`,
    fit && `${capital(fitText(fit))}.`,
    serial && `At ${plural(largest.lanes, 'lane')}, serial by Karp and Flatt: ${share(serial)}.`,
    beyondCores && `These are more lanes than the ${plural(cores, 'core')}, which looks like contention.`,
  ).join(' ');
}

function fitText({ contention, coherency, peakLanes, lackOfFit, isChecked }: Fit): string {
  const values = `by the model (Universal Scalability Law) contention is ${share(contention)}, coherency ${share(coherency)}`;
  const peak = peakLanes === null ? '' : `, and more than ${threeDigits(peakLanes)} lanes are slower`;
  return `${values}${peak}; ${isChecked ? checkText(lackOfFit) : 'three sizes cannot show whether it fits'}`;
}

function checkText(lackOfFit: Fit['lackOfFit']): string {
  return lackOfFit.length === 0
    ? 'it fits'
    : `it does not fit at ${lackOfFit.join(', ')} lanes: trust what was measured`;
}

/** `4.1 % (3.0 % to 5.2 %)`. Hundredths of a percent count in a coherency. */
function share(value: Fit['contention']): string {
  return withInterval(value, (fraction) => `${inPercent(fraction, Math.abs(fraction) < 0.01 ? 3 : 1)} %`);
}

function predictionSentence({ from, lanes, cores, speedup, checks }: Prediction, group: ReportGroup): string {
  const checked =
    checks.length === 0
      ? 'it could not be checked, since no other size was measured'
      : `checked here it is off by ${checks.map(({ lanes: size, error }) => `${signed(error)} at ${plural(size, 'lane')}`).join(', ')}`;
  return `A model, not measured: ${nameOf(from, group, curveName)} with ${plural(lanes, 'lane')} on ${plural(cores, 'core')} would be ${ratio(speedup.estimate)} times as fast as ${nameOf(from, group, shortId)} (${ratio(speedup.lo)} to ${ratio(speedup.hi)}); ${checked}.`;
}

function signed(fraction: number): string {
  return `${fraction < 0 ? '-' : '+'}${percent(Math.abs(fraction))}`;
}

/** From which size of a task on another way is worth it, one sentence each. */
export function crossoverSentences({ crossovers = [] }: Pick<Results, 'crossovers'>): readonly string[] {
  return crossovers.map(crossoverSentence);
}

function crossoverSentence(crossover: Crossover): string {
  const { workload, param, baseline, contender, from, to, kind, isSure, at, above } = crossover;
  const range = `from ${param}=${from} to ${to}`;
  switch (kind) {
    case 'always':
      return `${workload}: ${contender} ${isSure ? 'is' : 'looks'} faster than ${baseline} at every value ${range}${isSure ? '' : ', though not every comparison shows it'}.`;
    case 'never':
      return `${workload}: ${contender} ${isSure ? 'is not worth it' : 'does not look worth it'} at any value ${range}: ${baseline} is faster${isSure ? '' : ', though not every comparison shows it'}.`;
    case 'several':
      return `${workload}: whether ${contender} or ${baseline} is faster changes more than once ${range}: see each value.`;
    case 'crosses':
      return `${workload}: ${above === true ? 'below' : 'above'} ${param}=${threeDigits(at?.estimate ?? Number.NaN)} (95 % interval ${end(at?.lo, 'less than', from)} to ${end(at?.hi, 'more than', to)}) ${contender} is not worth it: ${baseline} is faster there.`;
    default:
      return kind satisfies never;
  }
}

function end(value: number | null | undefined, beyond: string, limit: number): string {
  return value === null || value === undefined ? `${beyond} ${limit}` : threeDigits(value);
}
