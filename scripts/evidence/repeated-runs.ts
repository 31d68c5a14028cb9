/** The same run again and again: what one of them says, held against all others. */
import { LEVEL } from '../../src/model/evidence.ts';
import type { MeasuredCell, Verdict } from '../../src/model/results.ts';
import { blockLogs, contrast, estimateOf, turnDifferences, verdictOf } from '../../src/stats/compare.ts';
import { pseudoMedian, signedRankEstimate, type Interval } from '../../src/stats/exact-tests.ts';
import { groupBy } from '../../src/stats/groups.ts';
import { median, mean } from '../../src/stats/quantile.ts';
import { recommend } from '../../src/stats/recommend.ts';
import { contrastWithRuns } from '../../src/stats/run-means.ts';
import type { LongRecord, RoundsRecord } from './hour-goals.ts';

export const MIN_EFFECT = 0.05;
export const MIN_EFFECT_LOG = Math.log1p(MIN_EFFECT);
/** Above all blocks of a run. */
const FAR = 1000;

interface Part {
  /** The cell as one run sees it. */
  readonly own: MeasuredCell;
  /** Samples of the cell in all other runs: the truth for it. */
  readonly rest: MeasuredCell['samples'];
}

function runsOfWorks(records: readonly LongRecord[]): readonly (readonly LongRecord[])[] {
  return [...groupBy(records, ({ work }) => work).values()];
}

/** The cells of each run beside those of the other runs of the same work; without others there is no truth. */
export function partsOf(records: readonly LongRecord[]): readonly (readonly Part[])[] {
  return runsOfWorks(records)
    .filter(({ length }) => length > 1)
    .flatMap((runs) =>
      runs.map(({ cells }, own) =>
        cells.map((cell) => ({
          own: cell,
          rest: runs.flatMap((run, index) =>
            index === own
              ? []
              : samplesOf(run, cell.id).map((sample) => ({ ...sample, block: sample.block + index * FAR })),
          ),
        })),
      ),
    );
}

function samplesOf({ cells }: LongRecord, id: string): MeasuredCell['samples'] {
  return cells.find((cell) => cell.id === id)?.samples ?? [];
}

export function coveredIn([baseline, ...others]: readonly Part[]): readonly boolean[] {
  return others.flatMap(({ own, rest }) => {
    if (baseline === undefined) return [];
    const found = contrast(baseline.own.samples, own.samples, LEVEL / others.length);
    const truth = estimateOf(baseline.rest, rest);
    return found === undefined || truth === undefined ? [] : [found.interval.lo <= truth && truth <= found.interval.hi];
  });
}

export function regrettedIn(cells: readonly Part[]): readonly boolean[] {
  const found = recommend(
    cells.map(({ own }) => own),
    { baseline: cells[0]?.own.id ?? '', minEffectLog: MIN_EFFECT_LOG, alpha: LEVEL },
  );
  const choice = cells.find(({ own }) => own.id === found?.choose);
  if (choice === undefined) return [];
  return [Math.max(...cells.map(({ rest }) => estimateOf(choice.rest, rest) ?? 0)) > MIN_EFFECT_LOG];
}

const LEAST_EARLIER = 3;

/** Verdicts on each cell of each run against all earlier runs of the work, as `lanewise compare` has them. */
export function againstEarlier(records: readonly LongRecord[]): readonly Verdict[] {
  return runsOfWorks(records).flatMap((runs) =>
    runs.slice(LEAST_EARLIER).flatMap((current, index) =>
      current.cells.flatMap(({ id, samples }) => {
        const earlier = runs.slice(0, index + LEAST_EARLIER).map((run) => samplesOf(run, id));
        const found = contrastWithRuns(earlier, samples, LEVEL / current.cells.length);
        return found === undefined ? [] : [verdictOf(found.interval, MIN_EFFECT_LOG)];
      }),
    ),
  );
}

/** How much runs of one cell differ, as standard deviations of ln(time). */
export interface Spread {
  readonly cell: string;
  readonly runs: number;
  readonly between: number;
  /** Standard error by the blocks within the runs. */
  readonly within: number;
}

export function spreadsOf(records: readonly LongRecord[]): readonly Spread[] {
  return runsOfWorks(records)
    .filter(({ length }) => length > 1)
    .flatMap((runs) =>
      (runs[0]?.cells ?? []).map(({ id }) => {
        const logs = runs.map((run) => blockLogs(samplesOf(run, id)));
        const within = mean(logs.map((blocks) => variance(blocks) / blocks.length));
        return {
          cell: id,
          runs: runs.length,
          between: Math.sqrt(variance(logs.map(pseudoMedian))),
          within: Math.sqrt(within),
        };
      }),
    );
}

/** The speedup of a pool in the first rounds of its hosts, beside the later half of the rounds. */
export interface Warming {
  readonly cell: string;
  /** ln(first / later), from rounds 1 to 3. */
  readonly bias: number;
  readonly interval: Interval | undefined;
  /** The same, by three rounds each: what more warm-up batches would leave. */
  readonly later: readonly number[];
}

const FIRST = 3;
const STEPS = [3, 6, 9, 12] as const;

export function warmingOf({ cells: [baseline, ...others] }: RoundsRecord): readonly Warming[] {
  if (baseline === undefined) return [];
  return others.map((cell) => {
    const blocks = turnDifferences(baseline.samples, cell.samples);
    const from = (start: number): readonly number[] =>
      blocks.map((rounds) => median(rounds.slice(start, start + FIRST)) - median(rounds.slice(rounds.length / 2)));
    return {
      cell: cell.id,
      bias: pseudoMedian(from(0)),
      interval: signedRankEstimate(from(0), LEVEL)?.interval,
      later: STEPS.filter((step) => step + FIRST <= (blocks[0]?.length ?? 0) / 2).map((step) =>
        pseudoMedian(from(step)),
      ),
    };
  });
}

function variance(values: readonly number[]): number {
  const center = mean(values);
  return values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
}
