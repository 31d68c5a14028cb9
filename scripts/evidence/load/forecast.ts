/**
 * Are latencies under load measured right? Pools of one, two and four workers serve tasks that wait, all equally long or
 * of exponential length. Every single latency is forecast from the arrivals by the queue's recursion (Kiefer and
 * Wolfowitz), and the mean latency is compared with that of queueing theory.
 *
 *   npm run evidence:load -- [--blocks 7] [--minutes 20] [--seed 1] [--out evidence] [--resume]
 *                            [--from evidence/load.ndjson] [--write]
 *
 * The exit status is 1 if a goal is missed. `--write` puts the tables into docs/method.md.
 */
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { publish, recordsOf, SERIES_OPTIONS } from '../series.ts';
import { foundOf, measureQueue, QUEUE_JOBS, type QueueFound, type QueueRecord } from './arrivals-series.ts';
import { scriptOptions } from '../../script-options.ts';

const MOST_MEDIAN_MS = 1;
const MOST_P99_MS = 3;
const MOST_DRIFT_MS = 0.5;
/** Theory is asked up to here: beyond, windows are too short for a queue to settle. */
const MOST_SHARE = 0.7;
const LEAST_WITHIN = 0.9;

export function isForecast({ medianOffMs, p99OffMs, driftMs }: QueueFound): boolean {
  return medianOffMs < MOST_MEDIAN_MS && p99OffMs < MOST_P99_MS && Math.abs(driftMs) < MOST_DRIFT_MS;
}

export function isWithin({ expectedMs, loMs, hiMs }: QueueFound): boolean {
  return loMs <= expectedMs && expectedMs <= hiMs;
}

const ms = (value: number): string => value.toFixed(2);

/** One pool at one rate. */
interface Row {
  readonly one: QueueFound;
  /** Its first cells. */
  readonly name: readonly string[];
}

function rowsOf(records: readonly QueueRecord[]): readonly Row[] {
  return records.flatMap((record) =>
    foundOf(record).map((one) => ({ one, name: [record.law, String(record.servers), `${one.share * 100}%`] })),
  );
}

function forecastTable(rows: readonly Row[]): string {
  return markdownTable([
    [
      'tasks',
      'workers',
      'load',
      'number',
      'to a free worker, ms',
      'to the next, ms',
      'return, ms',
      'off by, median, ms',
      'off by, p99, ms',
      'drift, ms',
      'goal',
    ],
    ...rows.map(({ one, name }) => [
      ...name,
      String(one.tasks),
      ms(one.typical.toFreeMs),
      ms(one.typical.toNextMs),
      ms(one.typical.returnMs),
      ms(one.medianOffMs),
      ms(one.p99OffMs),
      ms(one.driftMs),
      isForecast(one) ? 'met' : 'missed',
    ]),
  ]);
}

/** The parts of a task in which it neither waits for a worker nor runs. */
function partsTable(rows: readonly Row[]): string {
  return markdownTable([
    ['tasks', 'workers', 'load', 'accepted late, ms', 'dispatch with that, ms', 'return, ms'],
    ...rows.map(({ one: { p99Parts }, name }) => [
      ...name,
      ms(p99Parts.lateMs),
      ms(p99Parts.dispatchMs),
      ms(p99Parts.returnMs),
    ]),
  ]);
}

function theoryTable(rows: readonly Row[]): string {
  return markdownTable([
    ['tasks', 'workers', 'load', 'mean latency, ms (95% CI)', 'expected, ms', 'within'],
    ...rows
      .filter(({ one }) => one.share <= MOST_SHARE)
      .map(({ one, name }) => [
        ...name,
        `${ms(one.meanMs)} (${ms(one.loMs)}–${ms(one.hiMs)})`,
        ms(one.expectedMs),
        isWithin(one) ? 'yes' : 'no',
      ]),
  ]);
}

async function main(): Promise<void> {
  const values = scriptOptions({ ...SERIES_OPTIONS, blocks: 7 });
  const { blocks, seed } = values;
  const records = await recordsOf({
    jobs: QUEUE_JOBS,
    file: 'load.ndjson',
    values,
    measure: (job, seedOfJob) => measureQueue(job, seedOfJob, blocks),
  });
  const rows = rowsOf(records);
  const all = rows.map(({ one }) => one);
  const asked = all.filter(({ share }) => share <= MOST_SHARE);
  const within = asked.filter(isWithin).length;
  publish({
    mark: 'load',
    parts: [
      `Forecast of every latency (goal: median below ${MOST_MEDIAN_MS} ms, p99 below ${MOST_P99_MS} ms, drift below ${MOST_DRIFT_MS} ms):`,
      forecastTable(rows),
      'p99 of each part of a task of which the forecast knows at most the typical length:',
      partsTable(rows),
      `Mean latency beside that of queueing theory: ${within} of ${asked.length} expected means are within the CI (goal: ${LEAST_WITHIN * 100}%):`,
      theoryTable(rows),
    ],
    jobs: QUEUE_JOBS,
    records,
    command: `npm run evidence:load -- --blocks ${blocks} --seed ${seed}`,
    values,
  });
  if (!all.every(isForecast) || within < LEAST_WITHIN * asked.length) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
