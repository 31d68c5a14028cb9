/** The goals of `npm run evidence:hour`, fixed before anything is measured, and what records say about them. */
import { markdownTable } from 'markdown-table';
import { LEVEL, rulesFor, type PresetName } from '../../src/model/evidence.ts';
import type { MeasuredCell } from '../../src/model/results.ts';
import {
  contrast,
  estimateOf,
  ratioAt,
  shownVerdict,
  turnDifferences,
  verdictOf,
  type Contrast,
} from '../../src/stats/compare.ts';
import { median } from '../../src/stats/quantile.ts';
import { recommend } from '../../src/stats/recommend.ts';
import { summarize } from '../../src/stats/summarize.ts';
import { rateOf, rateText, type Rate } from './exact-limits.ts';
import type { EvidenceRecord } from './tabulate-verdicts.ts';
import { PAIRS } from './twins.ts';

/** One work in a few configurations, over many blocks; the first cell is the baseline. */
export interface LongRecord {
  readonly kind: 'long';
  readonly key: string;
  readonly work: string;
  readonly tasks: number;
  readonly cells: readonly MeasuredCell[];
}

export interface TwinsRecord extends EvidenceRecord {
  readonly kind: 'twins';
  readonly key: string;
}

export type HourRecord = LongRecord | TwinsRecord;

/** Identical configurations: verdicts that differ, and CIs without 1. */
const MOST_WRONG = 0.05;
const MOST_WRONG_LIMIT = 0.08;
/** Twins with 5% more work that a `standard` run finds slower. */
const LEAST_FOUND = 0.85;
/** Twins with 2% more work that read "slower" rather than "slightly slower", or "faster". */
const MOST_PLAIN = 0;
/** CIs of eight blocks that hold the estimate of all other blocks. */
const LEAST_COVERED = 0.93;
/** Recommendations of eight blocks that all other blocks show to be worse than the best by more than this. */
const MOST_REGRETTED = 0.05;
const REGRET = 0.05;

const MIN_EFFECT = 0.05;
const MIN_EFFECT_LOG = Math.log1p(MIN_EFFECT);
/** Blocks of the preset `quick`. */
const SET = 8;

export interface Goal {
  readonly name: string;
  readonly wanted: string;
  readonly rate: Rate;
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
    ...tailGoals(twins),
    atLeast('CIs of 8 blocks that hold the long-run speedup', LEAST_COVERED, long.flatMap(coveredIn)),
    atMost('recommendations from 8 blocks over 5% slower than the best', MOST_REGRETTED, long.flatMap(regrettedIn)),
  ];
}

function rateIn(hits: readonly boolean[]): Rate {
  return rateOf(hits.filter(Boolean).length, hits.length);
}

function atLeast(name: string, least: number, hits: readonly boolean[]): Goal {
  const rate = rateIn(hits);
  return { name, wanted: `≥ ${least * 100}%`, rate, isMet: rate.of > 0 && rate.count / rate.of >= least };
}

function atMost(name: string, most: number, hits: readonly boolean[], limit = 1): Goal {
  const rate = rateIn(hits);
  return {
    name,
    wanted: `≤ ${most * 100}%${limit < 1 ? `, upper limit < ${limit * 100}%` : ''}`,
    rate,
    isMet: rate.of > 0 && rate.count / rate.of <= most && rate.hi <= limit,
  };
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

function contrastsIn({ twins, walls }: TwinsRecord, slowdown: number): readonly Contrast[] {
  return PAIRS[twins]
    .filter((pair) => pair.slowdown === slowdown)
    .flatMap(({ twins: [first, second] }) => {
      const found = contrast(walls[first - 1] ?? [], walls[second - 1] ?? [], LEVEL);
      return found === undefined ? [] : [found];
    });
}

function intervalsIn(record: TwinsRecord, slowdown: number): readonly Contrast['interval'][] {
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

interface Part {
  /** The cell as a run of one set of blocks sees it. */
  readonly own: MeasuredCell;
  /** The cell in all other blocks: the truth for it. */
  readonly rest: MeasuredCell;
}

function setOf({ block }: { readonly block: number }): number {
  return Math.floor(block / SET);
}

/** The cells of each set of eight blocks. */
function setsOf({ cells, tasks }: LongRecord): readonly (readonly Part[])[] {
  const blocks = Math.max(0, ...cells.flatMap(({ samples }) => samples.map(({ block }) => block + 1)));
  return Array.from({ length: Math.floor(blocks / SET) }, (_, set) =>
    cells.map((cell) => ({
      own: withSamples(
        cell,
        cell.samples.filter((sample) => setOf(sample) === set),
        tasks,
      ),
      rest: { ...cell, samples: cell.samples.filter((sample) => setOf(sample) !== set) },
    })),
  );
}

function withSamples(cell: MeasuredCell, samples: MeasuredCell['samples'], tasks: number): MeasuredCell {
  const { startupMs } = cell;
  return { ...cell, samples, summary: summarize({ samples, startupMs, memoryBytes: [], hostCopyBytes: [] }, tasks) };
}

function coveredIn(record: LongRecord): readonly boolean[] {
  return setsOf(record).flatMap(([baseline, ...others]) =>
    others.flatMap(({ own, rest }) => {
      if (baseline === undefined) return [];
      const found = contrast(baseline.own.samples, own.samples, LEVEL / others.length);
      const truth = estimateOf(baseline.rest.samples, rest.samples);
      return found === undefined || truth === undefined
        ? []
        : [found.interval.lo <= truth && truth <= found.interval.hi];
    }),
  );
}

function regrettedIn(record: LongRecord): readonly boolean[] {
  return setsOf(record).flatMap((cells) => {
    const found = recommend(
      cells.map(({ own }) => own),
      { baseline: cells[0]?.own.id ?? '', minEffectLog: MIN_EFFECT_LOG, alpha: LEVEL },
    );
    const choice = cells.find(({ own }) => own.id === found?.choose);
    if (choice === undefined) return [];
    const worse = cells.map(({ rest }) => estimateOf(choice.rest.samples, rest.samples) ?? 0);
    return [Math.max(...worse) > Math.log1p(REGRET)];
  });
}

export function tabulateGoals(goals: readonly Goal[]): string {
  return markdownTable(
    [
      ['goal', 'wanted', 'measured (95% limits)', 'of', 'met'],
      ...goals.map(({ name, wanted, rate, isMet }) => [
        name,
        wanted,
        rate.of === 0 ? 'not measured' : rateText(rate),
        String(rate.of),
        isMet ? 'yes' : 'no',
      ]),
    ],
    { align: ['l', 'l', 'r', 'r', 'l'] },
  );
}
