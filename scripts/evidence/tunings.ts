/**
 * Does `tune` find what an exhaustive search finds, and in how much of its time?
 *
 *   npm run evidence:tune -- [--works cpu-1ms,cpu-20ms,io,mixed,payload] [--runs 5] [--preset standard]
 *                            [--out evidence] [--resume] [--from evidence/tune.ndjson] [--write]
 *
 * Measures each kind of work once in every cell of a grid finer than the one that `tune` screens, then tunes it several
 * times, each time with another seed. After each tuning its choice and the grid's best are measured again, alone and in
 * new blocks: how much slower the choice is there decides, since the best of 45 cells is partly the luckiest. The table
 * also has the difference in the grid.
 *
 * Choices are appended to `tune.ndjson`; `--resume` keeps the kinds of work that are complete there, `--from` only
 * makes the table again. `--write` puts the table into docs/method.md. The exit status is 1 if a choice is too slow or
 * took too long.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { shortId } from '../../src/model/cell-id.ts';
import type { MeasuredCell, Results } from '../../src/model/results.ts';
import { extraLanes } from '../../src/model/strategies.ts';
import { checkValues } from '../../src/options/values.ts';
import { contrast, estimateOf } from '../../src/stats/compare.ts';
import { measureTwo } from './head-to-head.ts';
import { madeBy } from '../docs/made-by.ts';
import { measure } from '../lanewise.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { scriptOptions } from '../script-options.ts';

/** Largest acceptable slowdown of a choice against the best of the grid. */
const WORST = 0.05;
/** Largest acceptable time of a tuning, as a share of the grid's. */
const LONGEST_SHARE = 0.5;
/** Level of the interval around each. */
const ALPHA = 0.05;
/** Slowdown up to which a configuration is as good as the best; the ideal choice has the fewest workers of those. */
const AS_GOOD = WORST / 2;

interface Work {
  readonly workload: string;
  readonly params: Readonly<Record<string, number>>;
  readonly poolSizes: string;
  /** At least four for each worker, as in `tune`, so that both measure the same batches. */
  readonly tasks: number;
}

const WORKS: Readonly<Record<string, Work>> = {
  'cpu-1ms': { workload: 'compute', params: { ms: 1 }, poolSizes: '1,2,3,4', tasks: 64 },
  'cpu-20ms': { workload: 'compute', params: { ms: 20 }, poolSizes: '1,2,3,4', tasks: 16 },
  io: { workload: 'http', params: {}, poolSizes: '1,2,4,8', tasks: 32 },
  mixed: { workload: 'fetch-and-parse', params: {}, poolSizes: '1,2,4,8', tasks: 32 },
  payload: { workload: 'echo', params: { bytes: 1_048_576 }, poolSizes: '1,2,3,4', tasks: 16 },
};

/** Slowdown as a fraction; `lo` and `hi` are its 95% CI. */
interface Slowness {
  readonly estimate: number;
  readonly lo: number;
  readonly hi: number;
}

/** One choice of `tune`, checked. */
export interface Choice {
  readonly work: string;
  readonly run: number;
  /** `worker-threads@2x4`. */
  readonly chosen: string;
  readonly best: string;
  /** Slowdown against the grid's best, with both measured alone after the tuning. */
  readonly slower: Slowness;
  /** The same, from the samples of the grid. */
  readonly inGrid: Slowness;
  readonly lanes: number;
  /** Fewest workers among the cells of the grid that are as good as the best. */
  readonly fewestLanes: number;
  readonly seconds: number;
  readonly gridSeconds: number;
}

/** Measures two configurations together, in new blocks. */
export type MeasureTwo = (
  pair: readonly [MeasuredCell, MeasuredCell],
) => Promise<readonly [MeasuredCell, MeasuredCell]>;

/** @throws Error if the configuration is not in the grid */
export async function judge(
  work: string,
  run: number,
  { grid, tuned }: { readonly grid: Results; readonly tuned: Results },
  measurePair: MeasureTwo,
): Promise<Choice> {
  const cells = grid.cells.filter((cell) => cell.status === 'ok');
  const best = fastestOf(cells);
  const chosen = tuned.cells.find(({ id, phase }) => id === tuned.tuning?.choose && phase === undefined);
  // The grid has no other sizes of libuv's pool.
  const choice = cells.find(({ id }) => id === chosen?.id.replace(/~uv\d+$/, ''));
  if (chosen?.status !== 'ok' || choice === undefined || best === undefined)
    throw new Error(`${tuned.tuning?.choose ?? 'nothing'} is not in the grid of ${work}`);
  const asGood = cells.filter((cell) => slownessOf(cell, best).estimate <= AS_GOOD);
  const isBest = chosen.id === best.id;
  const [again, bestAgain] = isBest ? [best, best] : await measurePair([chosen, best]);
  return {
    work,
    run,
    chosen: shortId(chosen),
    best: shortId(best),
    slower: slownessOf(again, bestAgain),
    inGrid: slownessOf(choice, best),
    lanes: extraLanes(choice),
    fewestLanes: Math.min(...asGood.map(extraLanes)),
    seconds: tuned.durationMs / 1000,
    gridSeconds: grid.durationMs / 1000,
  };
}

/** Slowdown against the first, paired by blocks, so that disturbances affect both. */
function fastestOf(cells: readonly MeasuredCell[]): MeasuredCell | undefined {
  const [first] = cells;
  if (first === undefined) return undefined;
  const slowness = (cell: MeasuredCell): number => estimateOf(cell.samples, first.samples) ?? 0;
  return cells.toSorted((a, b) => slowness(a) - slowness(b))[0];
}

function slownessOf(cell: MeasuredCell, best: MeasuredCell): Slowness {
  const found = cell === best ? undefined : contrast(cell.samples, best.samples, ALPHA);
  if (found === undefined) return { estimate: 0, lo: 0, hi: 0 };
  const { estimate, interval } = found;
  return { estimate: Math.expm1(estimate), lo: Math.expm1(interval.lo), hi: Math.expm1(interval.hi) };
}

export function isGood({ slower, seconds, gridSeconds }: Choice): boolean {
  return slower.estimate <= WORST && seconds <= LONGEST_SHARE * gridSeconds;
}

/** Counts good choices, and those with the fewest workers. */
export function summarize(choices: readonly Choice[]): string {
  const good = choices.filter(isGood).length;
  const lean = choices.filter(({ lanes, fewestLanes }) => lanes <= fewestLanes).length;
  const all = choices.length;
  return `${good} of ${all} choices within ${WORST * 100}% of the best, in at most ${LONGEST_SHARE * 100}% of the grid’s time; ${lean} of ${all} with no more workers than the fewest within ${AS_GOOD * 100}%.`;
}

export function tabulate(choices: readonly Choice[]): string {
  return markdownTable(
    [
      [
        'work',
        'run',
        'chosen',
        'best of the grid',
        'slower by, %',
        'in the grid, %',
        'workers',
        `fewest within ${AS_GOOD * 100}%`,
        's',
        'of the grid’s time',
      ],
      ...choices.map(({ work, run, chosen, best, slower, inGrid, lanes, fewestLanes, seconds, gridSeconds }) => [
        work,
        String(run),
        chosen,
        best,
        withInterval(slower),
        withInterval(inGrid),
        String(lanes),
        String(fewestLanes),
        seconds.toFixed(0),
        `${percent(seconds / gridSeconds)}%`,
      ]),
    ],
    { align: ['l', 'r', 'l', 'l', 'r', 'r', 'r', 'r', 'r', 'r'] },
  );
}

function withInterval({ estimate, lo, hi }: Slowness): string {
  return `${percent(estimate)} (${percent(lo)} to ${percent(hi)})`;
}

function percent(fraction: number): string {
  return (fraction * 100).toFixed(1);
}

/** Measures the whole grid for a kind of work, then tunes it several times. */
async function searchAndTune(
  name: string,
  runs: number,
  preset: string,
  take: (choice: Choice) => void,
): Promise<void> {
  const { workload, params, poolSizes, tasks } = workOf(name);
  const asked = Object.entries(params).flatMap(([param, value]) => ['--param', `${param}=${value}`]);
  const common = [workload, ...asked, '-n', String(tasks), '--no-upper-bound', '--preset', preset];
  const loops = ['1', '2', '4', '8', 'all'].map((limit) => `event-loop@1x${limit}`);
  const strategies = ['-s', [...loops, 'worker-threads', 'child-processes'].join(','), '--baseline', 'event-loop'];
  const grid = measure(['run', ...common, ...strategies, '-p', poolSizes, '-c', '1,2,4,8,all']);
  process.stdout.write(`${name}: a grid of ${grid.cells.length} cells in ${(grid.durationMs / 1000).toFixed(0)} s\n`);
  for (let run = 1; run <= runs; run++) {
    const tuned = measure(['tune', ...common, '--seed', String(run)]);
    const request = checkValues('run', { workloads: [workload], params, tasks, preset }, { where: name, in: 'code' });
    const choice = await judge(name, run, { grid, tuned }, (pair) => measureTwo(request, pair, run));
    const { chosen, best, slower, inGrid, seconds } = choice;
    process.stdout.write(
      `${name}, run ${run}: ${chosen}, ${withInterval(slower)}% slower than ${best}, in the grid ${withInterval(inGrid)}%; ${seconds.toFixed(0)} s\n`,
    );
    take(choice);
  }
}

function workOf(name: string): Work {
  const work = WORKS[name];
  if (work !== undefined) return work;
  throw new Error(`Invalid --works "${name}": use ${Object.keys(WORKS).join(', ')}.`);
}

/** @returns the choices for the kinds of work that are complete */
function readChoices(path: string, runs: number): readonly Choice[] {
  const all = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Choice);
  return all.filter(({ work }) => all.filter((other) => other.work === work).length >= runs);
}

async function main(): Promise<void> {
  const values = scriptOptions({
    works: Object.keys(WORKS).join(','),
    runs: 5,
    preset: 'standard',
    out: 'evidence',
    resume: false,
    from: undefined,
    write: false,
  });
  const { runs } = values;
  const works = values.works.split(',');
  works.forEach(workOf);
  const path = values.from ?? join(values.out, 'tune.ndjson');
  if (values.from === undefined) {
    const kept = values.resume && existsSync(path) ? readChoices(path, runs) : [];
    mkdirSync(values.out, { recursive: true });
    writeFileSync(path, kept.map(lineOf).join(''));
    for (const name of works.filter((one) => !kept.some(({ work }) => work === one)))
      await searchAndTune(name, runs, values.preset, (choice) => appendFileSync(path, lineOf(choice)));
  }
  const choices = readChoices(path, 1);
  const [table, sum] = [tabulate(choices), summarize(choices)];
  process.stdout.write(`\n${table}\n\n${sum}\n`);
  if (values.write) {
    const command = `npm run evidence:tune -- --works ${values.works} --runs ${values.runs} --preset ${values.preset} --write`;
    writeDocs('method.md', 'tune', `${table}\n\n${sum} ${madeBy(command)}`);
  }
  if (!choices.every(isGood)) process.exitCode = 1;
}

function lineOf(choice: Choice): string {
  return `${JSON.stringify(choice)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
