/**
 * Are held rates found and compared right? Simulated queues that serve in the order of arrival, on a machine whose speed
 * varies by 2% from window to window, are searched and measured as `lanewise load` does it, by the same code.
 *
 *   npm run evidence:load-held -- [--runs 400] [--twins 500] [--seed 1] [--write]
 *
 * The exit status is 1 if twins differ too often, or a true difference lies outside the intervals too often.
 */
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { leastWindowOf, windowAt, type WindowSize } from '../../../src/model/arrivals.ts';
import type { Rating } from '../../../src/model/plan.ts';
import { AROUND, ratesAround } from '../../../src/plan/plan-held.ts';
import { windowOf } from '../../../src/plan/resolve-load.ts';
import { ERROR_BETWEEN_ALIKE, heldByBlock, heldDifferences } from '../../../src/stats/load/held-by-block.ts';
import { isOpen, openEstimate } from '../../../src/stats/load/open-estimate.ts';
import { plainQueue, type WindowShape } from '../../../src/stats/load/plain-queue.ts';
import { searchPointOf } from '../../../src/stats/load/search-point.ts';
import { searchRate, type SearchPoint } from '../../../src/stats/load/search-rate.ts';
import { mean } from '../../../src/stats/quantile.ts';
import { madeBy } from '../../docs/made-by.ts';
import { writeDocs } from '../../docs/write-docs.ts';
import { shortWindowsTexts } from './short-windows.ts';
import {
  ARRIVALS,
  capacityOf,
  Luck,
  OBJECTIVE,
  PROBABILITY,
  ratingOf,
  truthOf,
  windowIn,
  type Queue,
  type Run,
} from './simulated-queue.ts';
import { scriptOptions } from '../../script-options.ts';

interface Blocks {
  readonly blocks: number;
}

const LEVEL = 0.05;
const SEARCH = { windows: 6, requests: 150, settling: 37 } as const;
const CLOSE = 1.05;
const MOST_DIFFERING = 0.05;
const LEAST_COVERED = 0.9;

/** An exhaustive search for 5%: all rates so far apart up to little more than the capacity, each in every block. */
const GRID = { from: 0.15, to: 1.05, factor: 1.05 } as const;

function shapeOf(size: WindowSize): WindowShape {
  return { arrivals: ARRIVALS, ...size, probability: PROBABILITY };
}

const ONE: Queue = { servers: 1, taskMs: 10 };
const UNEVEN: Queue = { ...ONE, law: 'exponential' };
const APART: Queue = { servers: 2, taskMs: 10, areApart: true };
const PAIRS: readonly (readonly [name: string, Queue, Queue])[] = [
  ['twins', ONE, ONE],
  ['5% faster tasks', ONE, { servers: 1, taskMs: 10 / 1.05 }],
  ['10% faster tasks', ONE, { servers: 1, taskMs: 10 / 1.1 }],
  ['2 servers beside 1', ONE, { servers: 2, taskMs: 10 }],
  ['2 servers dealt out to, beside 1', ONE, APART],
  ['twins, tasks of exponential length', UNEVEN, UNEVEN],
  ['10% faster tasks of exponential length', UNEVEN, { ...UNEVEN, taskMs: 10 / 1.1 }],
];
const SIZES = [
  { name: 'quick, of slow work', blocks: 8, requests: 100 },
  { name: 'quick', blocks: 8, requests: 150 },
  { name: 'standard', blocks: 12, requests: 400 },
] as const;

/** Seconds in which all windows of a grid arrive. */
function gridSeconds(capacity: number, { blocks, ...size }: WindowSize & Blocks): number {
  let seconds = 0;
  for (let rate = GRID.from * capacity; rate <= GRID.to * capacity; rate *= GRID.factor)
    seconds += windowAt(size, rate).requests / rate;
  return blocks * seconds;
}

/** The same of a search and the blocks after it. */
function searchSeconds(around: number, { blocks, ...size }: WindowSize & Blocks): number {
  const seconds = AROUND.map((share) => windowAt(size, share * around).requests / (share * around));
  return (SEARCH.windows * SEARCH.requests) / around + blocks * seconds.reduce((sum, one) => sum + one, 0);
}

/** The rate that a search finds. */
function searched(queue: Queue, rating: Rating, size: WindowSize, run: Run, windows = SEARCH.windows): number {
  const own = plainQueue(rating, shapeOf(SEARCH), run.seed);
  const later = plainQueue(rating, shapeOf(size), run.seed);
  const points: SearchPoint[] = [];
  const search = () => searchRate(rating.capacity, points);
  while (points.length < windows) {
    const place = { phase: 'search', block: 0, round: points.length, rate: search().next } as const;
    points.push(searchPointOf(windowIn(queue, SEARCH, place, run), OBJECTIVE, own, later) ?? raise());
  }
  return search().estimate;
}

function raise(): never {
  throw new RangeError('a simulated window was refused');
}

/** The rates that searches find for two queues, and those that the blocks after them show to be held. */
function measured([one, other]: readonly [Queue, Queue], { blocks, ...size }: WindowSize & Blocks, run: Run) {
  const [first, second] = [one, other].map((queue) => {
    const rating = ratingOf(queue, run.luck);
    return { queue, rating, searched: searched(queue, rating, size, run) };
  }) as [Searched, Searched];
  const around = ratesAround({ first: first.searched, second: second.searched });
  const heldOf = ({ queue, rating }: Searched, rates: readonly number[] = []) => {
    const windows = Array.from({ length: blocks }, (_, block) =>
      rates.map((rate) => windowIn(queue, size, { block, round: 0, rate }, run)),
    ).flat();
    return heldByBlock(windows, OBJECTIVE, plainQueue(rating, shapeOf(size), run.seed));
  };
  return {
    around: first.searched,
    rates: heldOf(first, around.first),
    others: heldOf(second, around.second),
  };
}

interface Searched {
  readonly queue: Queue;
  readonly rating: Rating;
  readonly searched: number;
}

function sizeOf({ blocks, requests }: Blocks & Pick<WindowSize, 'requests'>): WindowSize & Blocks {
  return { blocks, ...windowOf(requests), leastWindowMs: leastWindowOf(OBJECTIVE) };
}

/** Shares of simulated runs. */
export interface HeldRow {
  readonly covered: number;
  readonly differing: number;
  readonly bothEnds: number;
  /** The true held rate of the first queue lies in its own CI. */
  readonly rateCovered: number;
  /** Searches that end within 5% of the true rate, and estimates of the blocks after them. */
  readonly searchedClose: number;
  readonly heldClose: number;
  /** Time of the search and the blocks, as a share of that of a grid. */
  readonly gridShare: number;
}

export function simulate(
  [one, other]: readonly [Queue, Queue],
  { blocks, requests, truthWindows }: Blocks & Pick<WindowSize, 'requests'> & { readonly truthWindows?: number },
  runs: number,
  seed: number,
): HeldRow {
  const luck = new Luck(seed);
  const size = sizeOf({ blocks, requests });
  const truth = truthOf(one, size, luck, truthWindows);
  const trueDifference = one === other ? 0 : truthOf(other, size, luck, truthWindows) - truth;
  let [covered, differing, bothEnds, rateCovered] = [0, 0, 0, 0];
  const [searchesOff, heldOff]: [number[], number[]] = [[], []];
  let searching = 0;
  for (let index = 0; index < runs; index++) {
    const run = { luck, seed: luck.seed() };
    const { around, rates, others } = measured([one, other], size, run);
    searchesOff.push(Math.log(around) - truth);
    searching += searchSeconds(around, size);
    const { lo, hi } = openEstimate(heldDifferences(rates, others), LEVEL);
    const own = openEstimate(rates, LEVEL);
    covered += isWithin(trueDifference, lo, hi);
    differing += 1 - isWithin(0, lo, hi);
    bothEnds += Number(lo !== null && hi !== null);
    rateCovered += isWithin(truth, own.lo, own.hi);
    heldOff.push((own.estimate ?? Infinity) - truth);
  }
  return {
    covered: covered / runs,
    differing: differing / runs,
    bothEnds: bothEnds / runs,
    rateCovered: rateCovered / runs,
    searchedClose: closeShare(searchesOff),
    heldClose: closeShare(heldOff),
    gridShare: searching / (runs * gridSeconds(capacityOf(one), size)),
  };
}

/** Added to both ends of the difference of twins in a block, as a logarithm. */
const ADDED = [0, 0.0025, ERROR_BETWEEN_ALIKE, 0.01] as const;

/** Shares of simulated runs in which twins are shown to differ, by what is added. */
export function twinsShown(
  queue: Queue,
  asked: Blocks & Pick<WindowSize, 'requests'>,
  runs: number,
  seed: number,
): readonly number[] {
  const luck = new Luck(seed);
  const size = sizeOf(asked);
  const differing = Array.from({ length: runs }, () => {
    const run = { luck, seed: luck.seed() };
    const { rates, others } = measured([queue, queue], size, run);
    const differences = heldDifferences(rates, others);
    return ADDED.map((added) => {
      const values = differences.map((value) =>
        isOpen(value) ? value : { at: value.at, lo: value.at - added, hi: value.at + added },
      );
      const { lo, hi } = openEstimate(values, LEVEL);
      return 1 - isWithin(0, lo, hi);
    });
  });
  return ADDED.map((_, column) => mean(differing.map((shown) => shown[column] ?? 0)));
}

function closeShare(off: readonly number[]): number {
  return off.filter((one) => Math.abs(one) < Math.log(CLOSE)).length / off.length;
}

function isWithin(value: number, lo: number | null, hi: number | null): number {
  return Number((lo ?? Number.NEGATIVE_INFINITY) <= value && value <= (hi ?? Number.POSITIVE_INFINITY));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function main(): void {
  const values = scriptOptions({ runs: 400, twins: 500, seed: 1, write: false });
  const rows = SIZES.flatMap(({ name, ...size }) =>
    PAIRS.map(([pair, one, other]) => ({
      name,
      ...size,
      pair,
      row: simulate([one, other], size, values.runs, values.seed),
    })),
  );
  const table = markdownTable(
    [
      [
        'blocks',
        'arrivals',
        'pair',
        'shown to differ',
        'true ratio in the CI',
        'CI with both ends',
        'true rate in its CI',
        'search within 5%',
        'estimate within 5%',
        'time of a grid',
      ],
      ...rows.map(({ blocks, requests, pair, row }) => [
        String(blocks),
        String(requests),
        pair,
        ...[
          row.differing,
          row.covered,
          row.bothEnds,
          row.rateCovered,
          row.searchedClose,
          row.heldClose,
          row.gridShare,
        ].map(percent),
      ]),
    ],
    { align: ['r', 'r', 'l', 'r', 'r', 'r', 'r', 'r', 'r', 'r'] },
  );
  const twins = SIZES.flatMap((size) =>
    [ONE, { ...ONE, servers: 2 }].map((queue) => ({
      name: [size.blocks, size.requests, queue.servers].map(String),
      shown: twinsShown(queue, size, values.twins, values.seed),
    })),
  );
  const columns = ['blocks', 'arrivals', 'servers', ...ADDED.map((added) => `twins differ, with ${100 * added}%`)];
  const twinsTable = markdownTable([columns, ...twins.map(({ name, shown }) => [...name, ...shown.map(percent)])], {
    align: columns.map(() => 'r'),
  });
  const command = `npm run evidence:load-held -- --runs ${values.runs} --twins ${values.twins} --seed ${values.seed}`;
  const text = [
    table,
    `Twins in ${values.twins} runs each, by how much is added to both ends of their difference in a block:`,
    twinsTable,
    ...shortWindowsTexts(),
    madeBy(command),
  ].join('\n\n');
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs('method.md', 'load-held', text);
  const added = ADDED.indexOf(ERROR_BETWEEN_ALIKE);
  const isMet = rows.every(
    ({ pair, row }) => row.covered >= LEAST_COVERED && (pair !== 'twins' || row.differing <= MOST_DIFFERING),
  );
  if (!isMet || twins.some(({ shown }) => (shown[added] ?? 1) > MOST_DIFFERING)) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
