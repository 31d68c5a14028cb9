/** The goals of `npm run evidence:hour`, fixed before anything is measured, and what records say about them. */
import { markdownTable } from 'markdown-table';
import { LEVEL, rulesFor, type PresetName } from '../../src/model/evidence.ts';
import type { MeasuredCell } from '../../src/model/results.ts';
import { blockDifferences, ratioAt, shownVerdict, turnDifferences, verdictOf } from '../../src/stats/compare.ts';
import { pseudoMedian, type Interval } from '../../src/stats/exact-tests.ts';
import { median } from '../../src/stats/quantile.ts';
import { rateOf, rateText, type Rate } from './exact-limits.ts';
import { distanceFromExact, lagOne } from './assumptions.ts';
import {
  againstEarlier,
  coveredIn,
  MIN_EFFECT,
  MIN_EFFECT_LOG,
  partsOf,
  regrettedIn,
  warmingOf,
} from './repeated-runs.ts';
import type { EvidenceRecord } from './tabulate-verdicts.ts';
import { contrastsIn, differencesIn, effectsIn } from './twin-contrasts.ts';
import { PAIRS } from './twins.ts';

/** One work in a few configurations; the first cell is the baseline. */
interface RunRecord {
  readonly key: string;
  readonly work: string;
  readonly tasks: number;
  readonly cells: readonly MeasuredCell[];
}

/** One of several runs of a work, of the blocks of `quick`. */
export interface LongRecord extends RunRecord {
  readonly kind: 'long';
}

/** A run of many rounds. */
export interface RoundsRecord extends RunRecord {
  readonly kind: 'rounds';
}

export interface TwinsRecord extends EvidenceRecord {
  readonly kind: 'twins';
  readonly key: string;
}

export type HourRecord = LongRecord | RoundsRecord | TwinsRecord;

/** Identical configurations: verdicts that differ, and CIs without 1. */
const MOST_WRONG = 0.05;
const MOST_WRONG_LIMIT = 0.08;
/** Twins with 5% more work that a `standard` run finds slower. */
const LEAST_FOUND = 0.85;
/** Twins with 2% more work that read "slower" rather than "slightly slower", or "faster". */
const MOST_PLAIN = 0;
/** CIs of one run that hold the estimate of all other runs. */
const LEAST_COVERED = 0.93;
/** Recommendations of one run that all other runs show to be worse than the best by more than this. */
const MOST_REGRETTED = 0.05;
/** Known effects, whose estimate is within 2% of the truth. */
const LEAST_EXACT = 0.9;
const EXACT = Math.log(1.02);
/** P values of identical twins: Kolmogorov–Smirnov distance from those of an exact test, at 1% (Stephens 1974). */
const MOST_DISTANT = 1.628;
/** Correlation of one block of identical twins with the next. */
const MOST_CORRELATED = 0.1;
/** How far the share of blocks above the estimate is from a half, which it is if they are symmetric about it. */
const MOST_ASYMMETRIC = 0.05;
/** Pools whose speedup in the first rounds is off by more than half of the minimum effect. */
const MOST_COLD = 0;

export interface Goal {
  readonly name: string;
  readonly wanted: string;
  /** Undefined: it is a number. */
  readonly rate?: Rate;
  readonly measured: string;
  readonly of: number;
  readonly isMet: boolean;
}

/** Every goal with its rate; one that was not measured is not met. */
export function goalsOf(records: readonly HourRecord[]): readonly Goal[] {
  const twins = records.filter((record) => record.kind === 'twins');
  const long = records.filter((record) => record.kind === 'long');
  return [
    ...(['quick', 'standard'] as const).flatMap((preset) =>
      (['quiet', 'neighbour'] as const).flatMap((way) => identicalGoals(twins, preset, way)),
    ),
    foundGoal(twins),
    slightGoal(twins),
    effectGoal(twins),
    ...tailGoals(twins),
    ...(['quick', 'standard'] as const).map((preset) => distanceGoal(twins, preset)),
    correlationGoal(twins),
    symmetryGoal(long),
    atMost('identical, quick, environments of random sizes: called different', MOST_WRONG, paddedDifferences(twins)),
    atLeast('CIs of a run that hold the speedup of all other runs', LEAST_COVERED, partsOf(long).flatMap(coveredIn)),
    atMost(
      'a run called different from at least 3 earlier runs of the same code',
      MOST_WRONG,
      againstEarlier(long).map((verdict) => verdict === 'faster' || verdict === 'slower'),
    ),
    atMost('recommendations of a run over 5% slower than the best', MOST_REGRETTED, partsOf(long).flatMap(regrettedIn)),
    atMost(
      'rounds 1 to 3 of a block beside its later half: speedup off by over 2.5%',
      MOST_COLD,
      records
        .filter((record) => record.kind === 'rounds')
        .flatMap((record) => warmingOf(record).map(({ bias }) => Math.abs(bias) > MIN_EFFECT_LOG / 2)),
    ),
  ];
}

function rateIn(hits: readonly boolean[]): Rate {
  return rateOf(hits.filter(Boolean).length, hits.length);
}

function ofRate(name: string, wanted: string, rate: Rate, isMet: boolean): Goal {
  const measured = rate.of === 0 ? 'not measured' : rateText(rate);
  return { name, wanted, rate, measured, of: rate.of, isMet: rate.of > 0 && isMet };
}

function atLeast(name: string, least: number, hits: readonly boolean[]): Goal {
  const rate = rateIn(hits);
  return ofRate(name, `≥ ${least * 100}%`, rate, rate.count / rate.of >= least);
}

function atMost(name: string, most: number, hits: readonly boolean[], limit = 1): Goal {
  const rate = rateIn(hits);
  const wanted = most === 0 ? 'never' : `≤ ${most * 100}%${limit < 1 ? `, upper limit < ${limit * 100}%` : ''}`;
  return ofRate(name, wanted, rate, rate.count / rate.of <= most && rate.hi <= limit);
}

/** @param value undefined: too little was measured */
function ofNumber(name: string, wanted: string, value: number | undefined, of: number, isMet: boolean): Goal {
  const measured = value === undefined ? 'not measured' : value.toFixed(2);
  return { name, wanted, measured, of, isMet: value !== undefined && isMet };
}

/** P values of pairs that do the same work. */
function distanceGoal(records: readonly TwinsRecord[], preset: PresetName): Goal {
  const series = records
    .filter((record) => record.preset === preset && record.way === 'quiet')
    .flatMap((record) => differencesIn(record, 1));
  const root = Math.sqrt(series.length);
  const most = MOST_DISTANT / (root + 0.12 + 0.11 / root);
  const found = series.length === 0 ? undefined : distanceFromExact(series);
  const wanted = series.length === 0 ? 'a distance in reach of chance' : `≤ ${most.toFixed(2)}`;
  const name = `identical, ${preset}, quiet: distance of P values from those of an exact test`;
  return ofNumber(name, wanted, found, series.length, (found ?? 1) <= most);
}

function correlationGoal(records: readonly TwinsRecord[]): Goal {
  const series = records.filter(({ way }) => way === 'quiet').flatMap((record) => differencesIn(record, 1));
  const found = series.length === 0 ? undefined : lagOne(series);
  const name = 'identical, quiet: correlation of a block with the next';
  return ofNumber(name, `≤ ${MOST_CORRELATED}`, found, series.flat().length, (found ?? 1) <= MOST_CORRELATED);
}

function symmetryGoal(records: readonly LongRecord[]): Goal {
  const isAbove = records.flatMap(({ cells: [baseline, ...others] }) =>
    others.flatMap((cell) => {
      const differences = blockDifferences(baseline?.samples ?? [], cell.samples);
      const typical = pseudoMedian(differences);
      return differences.map((difference) => difference > typical);
    }),
  );
  const rate = rateIn(isAbove);
  const wanted = `50% ± ${MOST_ASYMMETRIC * 100}%`;
  const isMet = Math.abs(rate.count / rate.of - 0.5) <= MOST_ASYMMETRIC;
  return ofRate('blocks above the estimate of their run, loop and pools', wanted, rate, isMet);
}

function effectGoal(records: readonly TwinsRecord[]): Goal {
  return atLeast(
    'known effects of 1.02× to 2×, standard: estimate within 2%',
    LEAST_EXACT,
    effectsIn(records).map(({ slowdown, found }) => Math.abs(-found.estimate - Math.log(slowdown)) <= EXACT),
  );
}

function paddedDifferences(records: readonly TwinsRecord[]): readonly boolean[] {
  return records
    .filter(({ way }) => way === 'padded')
    .flatMap((record) => intervalsIn(record, 1))
    .map((interval) => ['faster', 'slower'].includes(verdictOf(interval, MIN_EFFECT_LOG)));
}

function slightGoal(records: readonly TwinsRecord[]): Goal {
  const shown = records
    .filter(({ preset, way }) => preset === 'standard' && way === 'quiet')
    .flatMap((record) => contrastsIn(record, 1.02))
    .map((found) =>
      shownVerdict({ verdict: verdictOf(found.interval, MIN_EFFECT_LOG), speedup: ratioAt(found, LEVEL) }, MIN_EFFECT),
    );
  return atMost(
    '2% more work, standard, quiet: reads "slower" or "faster"',
    MOST_PLAIN,
    shown.map((verdict) => verdict === 'slower' || verdict === 'faster'),
  );
}

/** Pairs of twins that do the same work, judged as in a run of just the two. */
function identicalGoals(records: readonly TwinsRecord[], preset: PresetName, way: TwinsRecord['way']): readonly Goal[] {
  const intervals = records
    .filter((record) => record.preset === preset && record.way === way)
    .flatMap((record) => intervalsIn(record, 1));
  const where = `identical, ${preset}, ${way === 'quiet' ? 'quiet' : 'beside a neighbour'}`;
  const verdicts = intervals.map((interval) => verdictOf(interval, MIN_EFFECT_LOG));
  return [
    atMost(
      `${where}: called different`,
      MOST_WRONG,
      verdicts.map((verdict) => verdict === 'faster' || verdict === 'slower'),
      MOST_WRONG_LIMIT,
    ),
    atMost(
      `${where}: CI excludes 1`,
      MOST_WRONG,
      intervals.map(({ lo, hi }) => lo > 0 || hi < 0),
      MOST_WRONG_LIMIT,
    ),
  ];
}

function intervalsIn(record: TwinsRecord, slowdown: number): readonly Interval[] {
  return contrastsIn(record, slowdown).map(({ interval }) => interval);
}

function foundGoal(records: readonly TwinsRecord[]): Goal {
  const intervals = records
    .filter(({ preset, way }) => preset === 'standard' && way === 'quiet')
    .flatMap((record) => intervalsIn(record, 1.05));
  return atLeast(
    '5% more work, standard, quiet: found slower',
    LEAST_FOUND,
    intervals.map((interval) => verdictOf(interval, MIN_EFFECT_LOG) === 'slower'),
  );
}

/** The assumption of the race, by its own rules: first batches of fresh starts, in pairs of identical twins. */
function tailGoals(records: readonly TwinsRecord[]): readonly Goal[] {
  const offs = records
    .filter(({ way }) => way === 'quiet')
    .flatMap(({ twins, walls }) =>
      PAIRS[twins]
        .filter(({ slowdown }) => slowdown === 1)
        .flatMap(({ twins: [first, second] }) => {
          const [a, b] = [first, second].map((twin) => (walls[twin - 1] ?? []).filter(({ round }) => round === 0));
          const ratios = turnDifferences(a ?? [], b ?? []).flat();
          const typical = ratios.length === 0 ? 0 : median(ratios);
          return ratios.map((ratio) => Math.abs(ratio - typical));
        }),
    );
  return rulesFor(1).map(({ factor, chance }) =>
    atMost(
      `first batches off by ${factor}×`,
      chance,
      offs.map((off) => off >= Math.log(factor)),
    ),
  );
}

export function tabulateGoals(goals: readonly Goal[]): string {
  return markdownTable(
    [
      ['goal', 'wanted', 'measured (95% limits)', 'of', 'met'],
      ...goals.map(({ name, wanted, measured, of, isMet }) => [
        name,
        wanted,
        measured,
        String(of),
        isMet ? 'yes' : 'no',
      ]),
    ],
    { align: ['l', 'l', 'r', 'r', 'l'] },
  );
}
