import type { Cell, Crossover, Prediction, Results, Scaling } from '../model/results.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { present } from './document.ts';
import { capital, configurationName, curveWords } from './names.ts';
import { confidence, inPercent, percent, plural, ratio, threeDigits, withInterval } from './numbers.ts';

/** Level of the CIs in earlier results, which do not have it. */
const LEVEL_BEFORE = 0.95;

/** Two sizes give a speedup, but no curve. */
const LEAST_POINTS = 2;

/** Conclusions from several pool sizes: one or two sentences per pool, then the predictions. */
export function scalingSentences(group: ReportGroup, cores: number): readonly string[] {
  const curves = group.scaling.filter(({ points }) => points.length >= LEAST_POINTS);
  return [
    ...curves.map((curve) => scalingSentence(curve, capital(nameOf(curve.cells[0], group, curveWords)), cores)),
    ...group.predictions.map((prediction) => predictionSentence(prediction, group)),
  ];
}

/** The name of the cell with that id. */
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
      ? `more workers pay up to ${knee}, the most that were measured`
      : `the knee is at ${plural(knee, 'worker')}, the smallest pool that may reach 95% of the best throughput`;
  return present(
    `${name}: ${enough}.`,
    fit && `${fitText(fit)}.`,
    serial &&
      `Serial fraction (Karp–Flatt) at ${plural(largest.lanes, 'worker')}: ${withInterval(serial, fraction, '–')}.`,
    beyondCores && `More workers than the ${plural(cores, 'CPU')} look like contention.`,
  ).join(' ');
}

function fitText({ contention, coherency, level = LEVEL_BEFORE, peakLanes, lackOfFit, isChecked }: Fit): string {
  const values = `Universal Scalability Law: contention ${parameter(contention, level)}, coherency ${parameter(coherency, level)}`;
  // Without coherency the curve has no peak.
  const peak = peakLanes === null || coherency.lo <= 0 ? '' : `, slower beyond ${threeDigits(peakLanes)} workers`;
  return `${values}${peak}; ${isChecked ? checkText(lackOfFit) : 'three sizes cannot show whether the model fits'}`;
}

function checkText(lackOfFit: Fit['lackOfFit']): string {
  return lackOfFit.length === 0
    ? 'the model fits'
    : `the model does not fit at ${lackOfFit.join(', ')} workers: trust the measurements`;
}

/** `4.1% (95% CI 3.0%–5.2%)`; at its bound a value is no finding: `not distinguishable from 0 (95% CI up to 0.012%)`. */
function parameter(value: Fit['contention'], level: number): string {
  return value.lo <= 0
    ? `not distinguishable from 0 (${percent(level)} CI up to ${fraction(value.hi)})`
    : `${fraction(value.estimate)} (${confidence({ ...value, level }, fraction)})`;
}

/** With more decimals below 1%, which matter in a coherency. */
function fraction(value: number): string {
  return `${inPercent(value, Math.abs(value) < 0.01 ? 3 : 1)}%`;
}

function predictionSentence({ from, lanes, cores, speedup, checks }: Prediction, group: ReportGroup): string {
  const checked =
    checks.length === 0
      ? 'how far off it is was not checked, since no other size was measured'
      : `at the measured sizes the model is off by ${checks.map(({ lanes: size, error }) => `${signed(error)} (${plural(size, 'worker')})`).join(', ')}`;
  return `Prediction of a model, not measured: ${nameOf(from, group, (cell) => configurationName({ ...cell, poolSize: lanes }))} on ${plural(cores, 'CPU')}: ${ratio(speedup.estimate)}× as fast as ${nameOf(from, group, configurationName)}; ${checked}.`;
}

function signed(error: number): string {
  return `${error < 0 ? '-' : '+'}${percent(Math.abs(error))}`;
}

/** Task sizes from which another configuration is faster, one sentence each. */
export function crossoverSentences({ crossovers = [] }: Pick<Results, 'crossovers'>): readonly string[] {
  return crossovers.map(crossoverSentence);
}

function crossoverSentence(crossover: Crossover): string {
  const { workload, param, baseline, contender, from, to, kind, isSure, at, above } = crossover;
  const range = `from ${param}=${from} to ${to}`;
  switch (kind) {
    case 'always':
      return `${workload}: ${contender} ${isSure ? 'is' : 'looks'} faster than ${baseline} at every value ${range}${isSure ? '' : ' (not every comparison is significant)'}.`;
    case 'never':
      return `${workload}: ${baseline} ${isSure ? 'is' : 'looks'} faster than ${contender} at every value ${range}${isSure ? '' : ' (not every comparison is significant)'}.`;
    case 'several':
      return `${workload}: ${contender} and ${baseline} change places more than once ${range}: see each value.`;
    case 'crosses':
      return `${workload}: ${contender} is faster than ${baseline} ${above === true ? 'above' : 'below'} ${param}=${threeDigits(at?.estimate ?? Number.NaN)} (95% CI ${end(at?.lo, 'below', from)}–${end(at?.hi, 'above', to)}).`;
    default:
      return kind satisfies never;
  }
}

function end(value: number | null | undefined, beyond: string, limit: number): string {
  return value === null || value === undefined ? `${beyond} ${limit}` : threeDigits(value);
}
