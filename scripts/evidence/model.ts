/**
 * Does the scaling model find a known contention, and how far off are its predictions?
 *
 *   npm run evidence:model -- [--preset quick] [--contentions 0.02,0.1,0.3] [--only compute] [--keep FOLDER] [--write]
 *
 * Measures tasks that wait longer in larger pools, with a known contention, in pools of 1 to 64 workers; and predicts
 * pools that are also measured, in 40 cases: 2 workers from 1 for tasks that compute, 16 and 64 from 4 for tasks that
 * wait. Whether a report would print a number is asked without the measurement of that pool, and the goals are for the
 * numbers that it would print. `--keep` keeps the results of each work in a folder, so that a run can be resumed, and a
 * later model can be tried on them; `--only` measures the works whose names begin so. `--write` puts the tables into
 * docs/method.md. The exit status is 1 if a CI misses the known contention or a goal is missed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { shortId } from '../../src/model/cell-id.ts';
import type { MeasuredGroup } from '../../src/model/measured.ts';
import type { Prediction, Results } from '../../src/model/results.ts';
import { predictAll, rangeOf } from '../../src/stats/predict.ts';
import { madeBy } from '../docs/made-by.ts';
import { measure } from '../lanewise.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { scriptOptions } from '../script-options.ts';

const CONTENDED = fileURLToPath(new URL('workloads/contended.js', import.meta.url));
const POOLS = ['-s', 'worker-threads,child-processes', '-c', '1', '--no-upper-bound'];
const CONTENTIONS = '0.02,0.1,0.3';

/** Works whose pools are predicted: 20 cases of tasks that compute, and 20 of tasks that wait. */
const COMPUTING: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['0.2', '0.5', '1', '2', '5', '10', '20'].map((ms) => [`compute-${ms}`, ['compute', '--param', `ms=${ms}`]]),
  ),
  primes: ['primes'],
  json: ['json'],
  gzip: ['gzip'],
};
const WAITING: Readonly<Record<string, readonly string[]>> = {
  'timer-10': ['timer', '--param', 'ms=10'],
  'timer-20': ['timer', '--param', 'ms=20'],
  'timer-40': ['timer'],
  'http-10': ['http', '--param', 'latencyMs=10'],
  'http-20': ['http'],
};
/** Tasks of a batch: at 64 workers four each, so that its end does not dominate. */
const WAITING_TASKS = '256';

/** Largest error of a prediction, as a fraction; for tasks below a millisecond the overhead is most of it. */
const GOAL = 0.1;
const GOAL_OF_SHORT_TASKS = 0.15;
const isShort = (work: string): boolean => work.startsWith('compute-0.');
/** Share of the cases whose speedup lies in the range that is printed. */
const GOAL_IN_RANGE = 0.9;

/** A pool with a known contention, and the fit's estimate. */
export interface Recovered {
  readonly pool: string;
  readonly contention: number;
  readonly found: { readonly estimate: number; readonly lo: number; readonly hi: number };
  readonly fits: boolean;
}

/** A prediction beside the measurement. */
export interface Checked {
  readonly work: string;
  readonly from: string;
  readonly lanes: number;
  readonly predicted: number;
  readonly measured: number;
  readonly error: number;
  /** Why a report would print no number; undefined: it would. */
  readonly doubt: Prediction['doubt'];
}

export function recoveredIn({ scaling = [], cells: measured }: Results, contention: number): readonly Recovered[] {
  return scaling.flatMap(({ cells: [first = ''], fit }) =>
    fit === undefined
      ? []
      : [
          {
            pool: measured.find(({ id }) => id === first)?.strategy ?? first,
            contention,
            found: fit.contention,
            fits: fit.lackOfFit.length === 0,
          },
        ],
  );
}

/** By the present model, which may be later than that of the run. */
export function checkedIn(results: Results, work: string): readonly Checked[] {
  const shortIds = new Map(results.cells.map((cell) => [cell.id, shortId(cell)]));
  return predictionsOf(results).flatMap(({ from, checks }) =>
    checks.map(({ lanes, predicted, measured, error }) => {
      const unmeasured = predictionsOf(results, lanes).find((other) => other.from === from);
      return { work, from: shortIds.get(from) ?? from, lanes, predicted, measured, error, doubt: unmeasured?.doubt };
    }),
  );
}

/** @param lanes predicted as if no pool of that size was measured; undefined: only the checks are of interest */
function predictionsOf(results: Results, lanes?: number): readonly Prediction[] {
  const [workload] = results.workloads;
  const [noise] = results.noise ?? [];
  if (workload === undefined || noise === undefined) return [];
  const { name, tasks, params } = workload;
  const group = { workload: { name, tasks }, params };
  const { timelines, upperBounds = [] } = results;
  const measured = { group, noise, timelines, upperBounds } as unknown as MeasuredGroup;
  const cells = results.cells.filter((cell) => cell.status === 'ok').filter(({ poolSize }) => poolSize !== lanes);
  const { cores } = results.environment;
  const steps = predictAll(measured, cells, { lanes: lanes === undefined ? [1] : [lanes], cores }, cores);
  for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
}

/** Whether the range that is printed for a prediction has the speedup that was measured. */
export function isInRange({ predicted, measured }: Checked): boolean {
  const { lo, hi } = rangeOf(predicted);
  return lo <= measured && measured <= hi;
}

/** Predictions that are further off than the goals allow. */
export function missedIn(all: readonly Checked[]): readonly Checked[] {
  return all.filter(({ work, error }) => Math.abs(error) > (isShort(work) ? GOAL_OF_SHORT_TASKS : GOAL));
}

export function isHeld({ contention, found }: Recovered): boolean {
  return found.lo <= contention && contention <= found.hi;
}

export function tabulateRecovered(all: readonly Recovered[]): string {
  return markdownTable(
    [
      ['pool', 'contention built in', 'found', '95% CI', 'contains it', 'the model fits'],
      ...all.map((one) => [
        one.pool,
        percent(one.contention),
        percent(one.found.estimate),
        `${percent(one.found.lo)}–${percent(one.found.hi)}`,
        isHeld(one) ? 'yes' : 'no',
        one.fits ? 'yes' : 'no',
      ]),
    ],
    { align: ['l', 'r', 'r', 'r', 'l', 'l'] },
  );
}

export function tabulateChecked(all: readonly Checked[]): string {
  return markdownTable(
    [
      ['work', 'predicted from', 'workers', 'predicted', 'range', 'measured', 'error', 'printed'],
      ...all.map(({ work, from, lanes, predicted, measured, error, doubt }) => [
        work,
        from,
        String(lanes),
        predicted.toFixed(2),
        `${rangeOf(predicted).lo.toFixed(2)}–${rangeOf(predicted).hi.toFixed(2)}`,
        measured.toFixed(2),
        percent(error),
        doubt === undefined ? 'yes' : `no: ${doubt}`,
      ]),
    ],
    { align: ['l', 'l', 'r', 'r', 'r', 'r', 'r', 'l'] },
  );
}

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}

/** @param ms how long a task waits in a pool of one worker */
export function recover(
  contention: number,
  ms: number,
  sizes: string,
  evidence: readonly string[],
): readonly Recovered[] {
  const params = ['--param', `contention=${contention}`, '--param', `ms=${ms}`];
  return recoveredIn(
    measure(['run', CONTENDED, ...params, ...POOLS, '-p', sizes, '-n', '64', ...evidence]),
    contention,
  );
}

/** Measures a work, unless its results were kept. */
function kept(folder: string | undefined, name: string, args: readonly string[]): Results {
  const path = folder === undefined ? undefined : join(resolve(folder), `${name}.json`);
  if (path !== undefined && existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Results;
  const results = measure(args);
  if (path !== undefined) {
    mkdirSync(resolve(folder ?? '.'), { recursive: true });
    writeFileSync(path, JSON.stringify(results));
  }
  return results;
}

const POOLS_TO_PREDICT = ['-s', 'worker-threads,child-processes', '-c', '1'];

function main(): void {
  const values = scriptOptions({
    preset: 'standard',
    contentions: CONTENTIONS,
    only: '',
    keep: undefined,
    write: false,
  });
  const evidence = ['--preset', values.preset];
  const checksOf = (works: typeof COMPUTING, flags: readonly string[]): readonly Checked[] =>
    Object.entries(works)
      .filter(([name]) => name.startsWith(values.only))
      .flatMap(([name, work]) => {
        const results = kept(values.keep, name, ['run', ...work, ...POOLS_TO_PREDICT, ...flags, ...evidence]);
        return checkedIn(results, name);
      });
  const recovered = values.contentions
    .split(',')
    .filter((contention) => contention !== '')
    .flatMap((contention) => recover(Number(contention), 40, '1,4,16,64', evidence));
  const checked = [
    ...checksOf(COMPUTING, ['-p', '1,2', '--predict', '2']),
    ...checksOf(WAITING, ['-p', '4,16,64', '-n', WAITING_TASKS, '--rounds', '1', '--predict', '64']),
  ];
  const held = recovered.filter(isHeld).length;
  const printed = checked.filter(({ doubt }) => doubt === undefined);
  const missed = missedIn(printed);
  const inRange = printed.filter(isInRange).length;
  const text = [
    ...(recovered.length === 0
      ? []
      : [tabulateRecovered(recovered), `${held} of ${recovered.length} CIs contain the contention that was built in.`]),
    tabulateChecked(checked),
    `A report prints ${printed.length} of the ${checked.length}: ${printed.length - missed.length} are within ${percent(GOAL)} (tasks below 1 ms: ${percent(GOAL_OF_SHORT_TASKS)}), and the range of ${inRange} has the measured speedup.`,
    madeBy(`npm run evidence:model -- --preset ${values.preset} --contentions ${values.contentions || "''"} --write`),
  ].join('\n\n');
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs('method.md', 'model', text);
  if (held < recovered.length || missed.length > 0 || inRange < GOAL_IN_RANGE * printed.length) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
