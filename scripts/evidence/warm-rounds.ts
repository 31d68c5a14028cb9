/**
 * Are pools warm when their first batch is measured? The speedup in rounds 1 to 3 of a block, beside that in the later
 * half of 40 rounds of the same hosts, over so many fresh starts that half of the minimum effect would be seen.
 *
 *   npm run evidence:rounds -- [--runs 6] [--minutes 20] [--seed 1] [--out evidence] [--resume]
 *                              [--from evidence/rounds.ndjson] [--write]
 *
 * Each run has the blocks of `quick`. Appends to `rounds.ndjson`; `--resume` keeps what is there, and `--from` only makes
 * the table. `--write` puts it into docs/method.md. The exit status is 1 if the goal is missed.
 */
import { fileURLToPath } from 'node:url';
import type { MeasuredCell } from '../../src/model/results.ts';
import { groupBy } from '../../src/stats/groups.ts';
import { warmingFigures } from './hour-figures.ts';
import { HOUR, measureRounds } from './hour.ts';
import type { RoundsRecord } from './hour-goals.ts';
import type { Job } from './records.ts';
import { MIN_EFFECT_LOG, warmingOf } from './repeated-runs.ts';
import { publish, recordsOf, SERIES_OPTIONS } from './series.ts';
import { scriptOptions } from '../script-options.ts';

interface RoundsJob extends Job {
  readonly work: string;
}

export function roundsJobs(runs: number): readonly RoundsJob[] {
  return Array.from({ length: runs }, (_, index) => index + 1).flatMap((number) =>
    HOUR.rounds.works.map((work) => ({ key: `${number} ${work}`, group: work, work })),
  );
}

/** One record for each work, with the blocks of all its runs. */
export function pooled(records: readonly RoundsRecord[]): readonly RoundsRecord[] {
  return [...groupBy(records, ({ work }) => work).values()].flatMap((runs) => {
    const [first] = runs;
    if (first === undefined) return [];
    const cells = first.cells.map((cell, place): MeasuredCell => {
      const samples = runs.flatMap(({ cells: own }, run) =>
        (own[place]?.samples ?? []).map((sample) => ({ ...sample, block: run * MOST_BLOCKS + sample.block })),
      );
      return { ...cell, samples };
    });
    return [{ ...first, cells }];
  });
}

/** More than a run has. */
const MOST_BLOCKS = 1000;

function blocksIn([cell]: readonly MeasuredCell[]): number {
  return new Set(cell?.samples.map(({ block }) => block)).size;
}

/** No pool is off by more than half of the minimum effect, and no CI leaves that open. */
export function isGoalMet(records: readonly RoundsRecord[]): boolean {
  const found = pooled(records).flatMap(warmingOf);
  const most = MIN_EFFECT_LOG / 2;
  return (
    found.length > 0 &&
    found.every(({ interval }) => interval !== undefined && interval.lo > -most && interval.hi < most)
  );
}

async function measureJob({ key, work }: RoundsJob, seed: number): Promise<RoundsRecord> {
  return measureRounds(key, work, seed);
}

async function main(): Promise<void> {
  const values = scriptOptions({ ...SERIES_OPTIONS, runs: 6 });
  const { runs, seed } = values;
  const jobs = roundsJobs(runs);
  const records = await recordsOf({ jobs, file: 'rounds.ndjson', values, measure: measureJob });
  const starts = pooled(records).map(({ work, cells }) => `${work}: ${blocksIn(cells)} fresh starts of each`);
  const parts = [...warmingFigures(pooled(records)), `${starts.join('; ')}. Goal: CIs within ±2.5%.`];
  const command = `npm run evidence:rounds -- --runs ${runs} --seed ${seed}`;
  publish({ mark: 'rounds', parts, jobs, records, command, values });
  if (!isGoalMet(records)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
