/**
 * Does `tune` find what an exhaustive search finds, and in how much of its time?
 *
 *   npm run evidence:tune -- [--works cpu-1ms,cpu-20ms,io,mixed,payload] [--runs 5] [--preset standard] [--write]
 *
 * Each kind of work is measured once in every cell of a grid that is finer than the one that `tune` screens, and tuned so many
 * times, each time with another seed. How much slower a chosen setting is than the grid's best is read off the grid, in
 * whose blocks both were measured. `--write` puts the table into docs/method.md. Ends with 1 if a choice is worse than it
 * must be, or took too long.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { wayOf } from '../../src/cell-id.ts';
import type { MeasuredCell, Results } from '../../src/model.ts';
import { contrast } from '../../src/stats/compare.ts';
import { extraLanes } from '../../src/stats/recommend.ts';
import { madeBy } from './made-by.ts';
import { measure } from './measure.ts';
import { writeDocs } from './write-docs.ts';

/** A choice may be this much slower than the best of the grid. */
const WORST = 0.05;
/** Of the time of the grid. */
const LONGEST_SHARE = 0.5;
/** Of the interval around each. */
const ALPHA = 0.05;

interface Work {
  readonly args: readonly string[];
  readonly poolSizes: string;
  /** At least four for each lane, as `tune` makes them: both measure the same batches. */
  readonly tasks: number;
}

const WORKS: Readonly<Record<string, Work>> = {
  'cpu-1ms': { args: ['compute', '--param', 'ms=1'], poolSizes: '1,2,3,4', tasks: 64 },
  'cpu-20ms': { args: ['compute', '--param', 'ms=20'], poolSizes: '1,2,3,4', tasks: 16 },
  io: { args: ['http'], poolSizes: '1,2,4,8', tasks: 32 },
  mixed: { args: ['fetch-and-parse'], poolSizes: '1,2,4,8', tasks: 32 },
  payload: { args: ['echo', '--param', 'bytes=1048576'], poolSizes: '1,2,3,4', tasks: 16 },
};

/** One choice, and what the grid says of it. */
export interface Choice {
  readonly work: string;
  readonly run: number;
  /** `worker-threads@2x4`. */
  readonly chosen: string;
  readonly best: string;
  /** How much slower the choice is than the best, as a fraction; `lo` and `hi` at 95 %. */
  readonly slower: { readonly estimate: number; readonly lo: number; readonly hi: number };
  readonly lanes: number;
  /** Of the cells that are less slower than allowed, the fewest. */
  readonly fewestLanes: number;
  readonly seconds: number;
  readonly gridSeconds: number;
}

/** @throws Error if the setting was not measured in the grid */
export function judge(work: string, run: number, grid: Results, tuned: Results): Choice {
  const cells = grid.cells.filter((cell) => cell.status === 'ok');
  // The grid has no other sizes of libuv's pool.
  const chosen = tuned.tuning?.choose?.replace(/~uv\d+$/, '');
  const choice = cells.find(({ id }) => id === chosen);
  const best = cells.toSorted((a, b) => a.summary.wallMs.median - b.summary.wallMs.median)[0];
  if (choice === undefined || best === undefined)
    throw new Error(`${chosen ?? 'nothing'} is not in the grid of ${work}`);
  const near = cells.filter((cell) => slowness(cell, best).estimate <= WORST);
  return {
    work,
    run,
    chosen: wayOf(tuned.tuning?.choose ?? ''),
    best: wayOf(best.id),
    slower: slowness(choice, best),
    lanes: extraLanes(choice),
    fewestLanes: Math.min(...near.map(extraLanes)),
    seconds: tuned.durationMs / 1000,
    gridSeconds: grid.durationMs / 1000,
  };
}

function slowness(cell: MeasuredCell, best: MeasuredCell): Choice['slower'] {
  const found = cell === best ? undefined : contrast(cell.samples, best.samples, ALPHA);
  if (found === undefined) return { estimate: 0, lo: 0, hi: 0 };
  const { estimate, interval } = found;
  return { estimate: Math.expm1(estimate), lo: Math.expm1(interval.lo), hi: Math.expm1(interval.hi) };
}

export function isGood({ slower, seconds, gridSeconds }: Choice): boolean {
  return slower.estimate <= WORST && seconds <= LONGEST_SHARE * gridSeconds;
}

function percent(fraction: number): string {
  return (fraction * 100).toFixed(1);
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
        'lanes',
        'fewest within 5 %',
        's',
        'of the grid’s time',
      ],
      ...choices.map(({ work, run, chosen, best, slower, lanes, fewestLanes, seconds, gridSeconds }) => [
        work,
        String(run),
        chosen,
        best,
        `${percent(slower.estimate)} (${percent(slower.lo)} to ${percent(slower.hi)})`,
        String(lanes),
        String(fewestLanes),
        seconds.toFixed(0),
        `${percent(seconds / gridSeconds)} %`,
      ]),
    ],
    { align: ['l', 'r', 'l', 'l', 'r', 'r', 'r', 'r', 'r'] },
  );
}

export function tuneAndSearch(name: string, runs: number, evidence: readonly string[]): readonly Choice[] {
  const work = WORKS[name];
  if (work === undefined) throw new Error(`There is no work "${name}": there are ${Object.keys(WORKS).join(', ')}.`);
  const { args, poolSizes, tasks } = work;
  const common = [...args, '-n', String(tasks), '--no-ceiling', ...evidence];
  const strategies = ['-s', 'event-loop,worker-threads,child-processes'];
  const grid = measure(['run', ...common, ...strategies, '-p', poolSizes, '-c', '1,2,4,8,all']);
  process.stdout.write(`${name}: a grid of ${grid.cells.length} cells in ${(grid.durationMs / 1000).toFixed(0)} s\n`);
  return Array.from({ length: runs }, (_, index) => {
    const tuned = measure(['tune', ...common, '--seed', String(index + 1)]);
    const choice = judge(name, index + 1, grid, tuned);
    const { chosen, slower, seconds } = choice;
    process.stdout.write(
      `${name}, run ${index + 1}: ${chosen}, ${(slower.estimate * 100).toFixed(1)} % slower than ${choice.best}, ${seconds.toFixed(0)} s\n`,
    );
    return choice;
  });
}

function main(): void {
  const { values } = parseArgs({
    options: {
      works: { type: 'string', default: Object.keys(WORKS).join(',') },
      runs: { type: 'string', default: '5' },
      preset: { type: 'string', default: 'standard' },
      write: { type: 'boolean', default: false },
    },
  });
  const choices = values.works
    .split(',')
    .flatMap((name) => tuneAndSearch(name, Number(values.runs), ['--preset', values.preset]));
  const table = tabulate(choices);
  const good = choices.filter(isGood).length;
  const sum = `${good} of ${choices.length} choices within ${WORST * 100} % of the best, in at most ${LONGEST_SHARE * 100} % of the grid’s time.`;
  process.stdout.write(`\n${table}\n\n${sum}\n`);
  if (values.write) {
    const command = `npm run evidence:tune -- --works ${values.works} --runs ${values.runs} --preset ${values.preset} --write`;
    writeDocs('method.md', 'tune', `${table}\n\n${sum} ${madeBy(command)}`);
  }
  if (good < choices.length) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
