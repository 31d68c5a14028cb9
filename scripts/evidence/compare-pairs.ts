/** Pairs of runs of the same code, and how often they are called different. */
import { markdownTable } from 'markdown-table';
import type { Results } from '../../src/model/results.ts';
import { compareRuns, LEAST_RUNS } from '../../src/stats/compare-runs.ts';
import { median } from '../../src/stats/quantile.ts';
import { rateOf, rateText } from './exact-limits.ts';
import type { Habit } from './neighbour.ts';

export type Condition = 'quiet' | Habit;

export interface RunRecord {
  readonly key: string;
  readonly condition: Condition;
  readonly results: Results;
}

/** A later run and the three latest earlier ones of a condition, and how they read. */
export interface Pair {
  readonly earlier: Condition;
  readonly later: Condition;
  /** A configuration is called faster or slower. */
  readonly isDifferent: boolean;
  /** The same with the latest earlier run alone, of which it is only said how it looks. */
  readonly looksDifferent: boolean;
  /** No configuration could be compared. */
  readonly isWithheld: boolean;
}

const MIN_EFFECT = 0.05;
/** Pairs called different. */
const MOST_DIFFERENT = 0.05;

/**
 * Each run with the quiet ones before it, and each quiet run also with those beside the neighbour that came last.
 */
export function pairsIn(records: readonly RunRecord[]): readonly Pair[] {
  return records.flatMap((record, index) => {
    const before = records.slice(0, index);
    const latest = before.findLast(({ condition }) => condition !== 'quiet')?.condition;
    const against: readonly Condition[] =
      record.condition === 'quiet' && latest !== undefined ? ['quiet', latest] : ['quiet'];
    return against.flatMap((condition) => pairOf(before, condition, record) ?? []);
  });
}

/** @returns undefined with fewer than three earlier runs of the condition */
function pairOf(before: readonly RunRecord[], earlier: Condition, later: RunRecord): Pair | undefined {
  const [first, ...others] = before
    .filter(({ condition }) => condition === earlier)
    .slice(-LEAST_RUNS)
    .map(({ results }) => results);
  const last = others.at(-1);
  if (first === undefined || last === undefined || others.length + 1 < LEAST_RUNS) return undefined;
  const { changes } = compareRuns([first, ...others], later.results, MIN_EFFECT);
  const alone = compareRuns([last], later.results, MIN_EFFECT);
  return {
    earlier,
    later: later.condition,
    isDifferent: changes.some(({ verdict }) => verdict === 'faster' || verdict === 'slower'),
    looksDifferent: alone.changes.some(({ looks }) => looks === 'faster' || looks === 'slower'),
    isWithheld: changes.length === 0,
  };
}

export function isGoalMet(pairs: readonly Pair[]): boolean {
  const different = pairs.filter(({ isDifferent }) => isDifferent).length;
  return pairs.length > 0 && different / pairs.length <= MOST_DIFFERENT;
}

export function tabulatePairs(records: readonly RunRecord[], pairs: readonly Pair[]): string {
  const kinds = [...new Set(pairs.map(({ earlier, later }) => `${earlier}, then ${later}`))];
  const rowOf = (name: string, own: readonly Pair[]): readonly string[] => [
    name,
    ...[
      own.filter(({ isDifferent }) => isDifferent),
      own.filter(({ looksDifferent }) => looksDifferent),
      own.filter(({ isWithheld }) => isWithheld),
    ].map((some) => (own.length === 0 ? 'not measured' : `${some.length} of ${own.length}`)),
  ];
  const different = rateOf(pairs.filter(({ isDifferent }) => isDifferent).length, pairs.length);
  return [
    markdownTable(
      [
        ['runs', 'called different from 3 earlier runs', 'looks different from the last one', 'no comparison'],
        ...kinds.map((kind) =>
          rowOf(
            kind,
            pairs.filter(({ earlier, later }) => `${earlier}, then ${later}` === kind),
          ),
        ),
        rowOf('all', pairs),
      ],
      { align: ['l', 'r', 'r', 'r'] },
    ),
    pairs.length === 0
      ? 'No pairs yet.'
      : `Called different: ${rateText(different)} of ${pairs.length} pairs, at most ${MOST_DIFFERENT * 100}% wanted: ${isGoalMet(pairs) ? 'met' : 'missed'}.`,
    'Whether the CPUs were free, by what runs beside (the limits of the warning that CPUs were taken):',
    tabulateLoads(records),
  ].join('\n\n');
}

function tabulateLoads(records: readonly RunRecord[]): string {
  const conditions = [...new Set(records.map(({ condition }) => condition))];
  return markdownTable(
    [
      ['neighbour', 'runs', 'CPUs left free', 'CPUs of the loop', 'most CPUs used', 'warned of taken CPUs'],
      ...conditions.map((condition) => {
        const own = records.filter((record) => record.condition === condition).map(({ results }) => results);
        return [
          condition,
          String(own.length),
          rangeText(own.flatMap(freeCpusOf)),
          rangeText(own.flatMap(({ cells: [loop] }) => (loop?.status === 'ok' ? [loop.summary.cpusUsed] : []))),
          rangeText(own.map(mostUsed)),
          `${own.filter(({ warnings }) => warnings.some(({ kind }) => kind === 'taken-cpus')).length} of ${own.length}`,
        ];
      }),
    ],
    { align: ['l', 'r', 'r', 'r', 'r', 'r'] },
  );
}

/** As the warning reads them: the median over the blocks. */
function freeCpusOf({ noise = [] }: Results): readonly number[] {
  return noise.flatMap(({ blocks }) => {
    const free = blocks.flatMap(({ freeCpus }) => freeCpus ?? []);
    return free.length === 0 ? [] : [median(free)];
  });
}

function mostUsed({ cells }: Results): number {
  return Math.max(...cells.map((cell) => (cell.status === 'ok' ? cell.summary.cpusUsed : 0)));
}

function rangeText(values: readonly number[]): string {
  return values.length === 0 ? '' : `${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)}`;
}
