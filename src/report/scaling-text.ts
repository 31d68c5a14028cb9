import { shortId } from '../model/cell-id.ts';
import { LEVEL } from '../model/evidence.ts';
import type { Cell, Crossover, Prediction, Results, Scaling, UpperBound } from '../model/results.ts';
import { REFERENCE, traitsOf } from '../model/strategies.ts';
import { isFaster } from '../stats/compare.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { present } from './document.ts';
import { capital, configurationName, curveWords, isMany, withPreposition } from './names.ts';
import { confidence, inPercent, ms, percent, plural, ratio, threeDigits } from './numbers.ts';

/** Confidence level of a CI in earlier results, which do not have it; the points of a curve shared it. */
const LEVEL_BEFORE = 1 - LEVEL;

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

function scalingSentence({ points, level, knee, fit, beyondCores }: Scaling, name: string, cores: number): string {
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
      `Serial fraction (Karp–Flatt) at ${plural(largest.lanes, 'worker')}: ${fraction(serial.estimate)} (${confidence({ ...serial, level: level ?? 1 - LEVEL / points.length }, fraction)}).`,
    beyondCores && `More workers than the ${plural(cores, 'CPU')} look like contention.`,
  ).join(' ');
}

function fitText({ contention, coherency, level = LEVEL_BEFORE, peakLanes, lackOfFit, isChecked }: Fit): string {
  const values = `Universal Scalability Law: contention ${parameter(contention, level)}, coherency ${parameter(coherency, level)}`;
  // Without coherency the curve has no peak.
  const peak =
    peakLanes === null || coherency.lo <= 0
      ? ''
      : `, slower beyond ${Number.isInteger(peakLanes) ? plural(peakLanes, 'worker') : `${threeDigits(peakLanes)} workers`}`;
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

function predictionSentence(prediction: Prediction, group: ReportGroup): string {
  const { from, lanes, cores, speedup, range, doubt, checks } = prediction;
  const pool = `${nameOf(from, group, (cell) => configurationName({ ...cell, poolSize: lanes }))} on ${plural(cores, 'CPU')}`;
  const off = checks.map(({ lanes: size, error }) => `${signed(error)} (${plural(size, 'worker')})`).join(', ');
  if (doubt === 'short-tasks')
    return `No prediction of ${pool}: the tasks are so short that workers spend most of their time between two of them.`;
  if (doubt === 'cpu-bound')
    return `No prediction of ${pool}: they would use more than half of the CPUs, and the CPU time of a task that waits grows with the number of workers.`;
  if (doubt === 'checks')
    return `No prediction of ${pool}: at the measured sizes the model is off by ${off}, more than usual.`;
  const checked =
    checks.length === 0
      ? 'how far off it is was not checked, since no other size was measured'
      : `at the measured sizes the model is off by ${off}`;
  const errors =
    doubt === 'larger-machine'
      ? '; its errors on a larger machine than this one are not known'
      : range && `, with its usual errors ${ratio(range.lo)}–${ratio(range.hi)}×`;
  return `Prediction of a model, not measured: ${pool}: ${ratio(speedup.estimate)}× as fast as ${nameOf(from, group, configurationName)}${errors ?? ''}; ${checked}.`;
}

function signed(error: number): string {
  return `${error < 0 ? '-' : '+'}${percent(Math.abs(error))}`;
}

/** Task sizes from which another configuration is faster, one sentence each. */
export function crossoverSentences({
  crossovers = [],
  cells,
}: Pick<Results, 'crossovers' | 'cells'>): readonly string[] {
  return crossovers.map((crossover) => crossoverSentence(crossover, cells));
}

/** A configuration as the subject of a sentence. */
interface Subject {
  readonly name: string;
  readonly isMany: boolean;
}

function subjectOf(id: string, workload: string, cells: readonly Cell[]): Subject {
  const cell = cells.find((other) => other.workload === workload && shortId(other) === id);
  return cell === undefined ? { name: id, isMany: false } : { name: configurationName(cell), isMany: isMany(cell) };
}

function crossoverSentence(crossover: Crossover, cells: readonly Cell[]): string {
  const { workload, param, from, to, kind, isSure, at, between, above } = crossover;
  const [baseline, contender] = [
    subjectOf(crossover.baseline, workload, cells),
    subjectOf(crossover.contender, workload, cells),
  ];
  const range = `from ${param}=${from} to ${to}`;
  const unsure = isSure ? '' : ' (not every comparison is significant)';
  switch (kind) {
    case 'always':
      return `${workload}: ${atEveryValue(contender, baseline, isSure)} ${range}${unsure}.`;
    case 'never':
      return `${workload}: ${atEveryValue(baseline, contender, isSure)} ${range}${unsure}.`;
    case 'several':
      return `${workload}: ${contender.name} and ${baseline.name} change places more than once ${range}: see each value.`;
    case 'crosses':
      return `${workload}: ${faster(contender, baseline, isSure)} ${above === true ? 'above' : 'below'} ${param}=${threeDigits(at?.estimate ?? Number.NaN)} (${crossingInterval(at, { from, to })})${between === undefined ? '' : `, interpolated between the measured ${between.from} and ${between.to}`}.`;
    default:
      return kind satisfies never;
  }
}

function atEveryValue(one: Subject, other: Subject, isSure: boolean): string {
  return `${faster(one, other, isSure)} at every value`;
}

/** `2 worker threads are faster than the event loop`, `2 worker threads look faster than the event loop` */
function faster(one: Subject, other: Subject, isSure: boolean): string {
  const verb = isSure ? (one.isMany ? 'are' : 'is') : one.isMany ? 'look' : 'looks';
  return `${one.name} ${verb} faster than ${other.name}`;
}

/** `95% CI 0.152–0.300`, `95% CI below 0.05 to 0.100`. */
function crossingInterval(at: Crossover['at'], { from, to }: Pick<Crossover, 'from' | 'to'>): string {
  const { lo = null, hi = null, level = LEVEL_BEFORE } = at ?? {};
  if (lo !== null && hi !== null) return confidence({ estimate: Number.NaN, lo, hi, level }, threeDigits);
  const ends = [lo === null ? `below ${from}` : threeDigits(lo), hi === null ? `above ${to}` : threeDigits(hi)];
  return `${percent(level)} CI ${ends.join(' to ')}`;
}

/** The upper bound, and how much of it the best configuration reaches; undefined if it was not measured. */
export function upperBoundSentence(group: ReportGroup): string | undefined {
  const { upperBound, cells } = group;
  if (upperBound === undefined) return undefined;
  const { lanes, speedup, share } = upperBound;
  const [best, baseline] = [upperBound.best, upperBound.baseline].map((id) => cells.find((cell) => cell.id === id));
  if (best === undefined || baseline === undefined) return undefined;
  const what = lanes === 1 ? '1 independent process' : `${lanes} independent processes`;
  const reach = `${configurationName(best)} ${isMany(best) ? 'reach' : 'reaches'}`;
  return `Upper bound: ${what}, no messaging: ${ratio(speedup.estimate)}× as fast as ${configurationName(baseline)} (${confidence(speedup)}); ${reach} ${inPercent(share.estimate)}% of it (${inPercent(share.lo)}–${inPercent(share.hi)}%).${puzzleOf(group, upperBound, baseline)}`;
}

/**
 * Why workers gain nothing if it is for their messages: more time passes between two tasks of a worker than in one;
 * undefined if less does.
 */
export function messagesSentence({ cells, choice, baseline, withheldBy }: ReportGroup): string | undefined {
  if (withheldBy !== undefined || choice?.id !== baseline?.id || choice === undefined) return undefined;
  if (traitsOf(choice).laneKind !== 'main') return undefined;
  const [pool] = cells
    .filter((cell) => cell.status === 'ok')
    .filter((cell) => traitsOf(cell).isSimulated && cell.concurrency === 1)
    .toSorted((a, b) => a.poolSize - b.poolSize);
  if (pool === undefined) return undefined;
  const { runningMs, gapMs } = pool.summary;
  if (gapMs === undefined || runningMs === undefined || gapMs <= runningMs.p50) return undefined;
  const less = traitsOf(pool).laneKind === 'thread' ? 'smaller ones or `transfer` of buffers' : 'smaller ones';
  return `Messages: ${withPreposition(pool)}, a task runs for ${ms(runningMs.p50)} (median), and ${ms(gapMs)} on average pass between two of a worker: they are sent and waited for, with copies of inputs and results. What may help: larger tasks or, where inputs or results are large, ${less}${pool.profile === undefined ? '; --cpu-prof shows the share of copying' : ''}.`;
}

/** From here on, a configuration is more than the noise beyond the bound. */
const BEYOND = 1.05;

/** A sentence about figures that would puzzle: more than one CPU each, or a configuration beyond its bound. */
function puzzleOf(
  { cells, comparisons, minEffect }: ReportGroup,
  { lanes, speedup, share }: UpperBound,
  baseline: Cell,
): string {
  if (share.lo > BEYOND)
    return ' They run one task at a time, so it is no bound for tasks that wait or work off the main thread.';
  if (speedup.lo <= lanes) return '';
  if (traitsOf(baseline).lanes === 'per-task') return ' They start no worker for each task.';
  const inTurn = cells.filter((cell) => traitsOf(cell).laneKind === 'main' && cell.concurrency === 1);
  const isFasterAlone = comparisons.some(
    (one) =>
      inTurn.some(({ id }) => id === one.contender) && isFaster(one, minEffect) && speedup.lo <= lanes * one.speedup.hi,
  );
  if (baseline.strategy !== REFERENCE || baseline.concurrency === 1) return '';
  return isFasterAlone
    ? ' They run one task at a time, which is faster here than all at once.'
    : ` That is more than ${plural(lanes, 'CPU')} can explain: they run one task at a time, in fresh processes.`;
}
