/**
 * Are held rates found and compared right? Simulated queues that serve in the order of arrival, on a machine whose speed
 * varies by 2% from window to window, are searched and measured as `lanewise load` does it, by the same code.
 *
 *   npm run evidence:load-held -- [--runs 400] [--seed 1] [--write]
 *
 * The exit status is 1 if twins differ too often, or a true difference lies outside the intervals too often.
 */
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { dueMs, scheduleOf } from '../../../src/model/arrivals.ts';
import { AROUND } from '../../../src/plan/plan-held.ts';
import { queueLatenciesMs } from '../../../src/stats/load/fcfs.ts';
import { heldRate, type RatePoint } from '../../../src/stats/load/held-rate.ts';
import { BEYOND, difference, openEstimate, type Bounded } from '../../../src/stats/load/open-estimate.ts';
import { searchRate } from '../../../src/stats/load/search-rate.ts';
import { quantile, seededRandom, sorted } from '../../../src/stats/quantile.ts';
import { madeBy } from '../../docs/made-by.ts';
import { writeDocs } from '../../docs/write-docs.ts';

/** Servers with tasks of this mean length, which varies by a tenth from input to input. */
interface Queue {
  readonly servers: number;
  readonly taskMs: number;
}

const OBJECTIVE_MS = 50;
const LEVEL = 0.05;
const SPEED_SPREAD = 0.02;
const INPUTS = 8;
const SEARCH = { windows: 6, requests: 150 } as const;
/** Windows from which the true rate of a queue is taken: the typical window just meets the objective. */
const TRUTH_WINDOWS = 600;
const MOST_DIFFERING = 0.075;
const LEAST_COVERED = 0.9;

const ONE: Queue = { servers: 1, taskMs: 10 };
const PAIRS: readonly (readonly [name: string, Queue, Queue])[] = [
  ['twins', ONE, ONE],
  ['5% faster tasks', ONE, { servers: 1, taskMs: 10 / 1.05 }],
  ['10% faster tasks', ONE, { servers: 1, taskMs: 10 / 1.1 }],
  ['2 servers beside 1', ONE, { servers: 2, taskMs: 10 }],
];
const SIZES = [
  { name: 'quick', blocks: 8, requests: 200 },
  { name: 'standard', blocks: 12, requests: 400 },
] as const;

/** Luck of the simulated machine. */
class Luck {
  readonly #below: ReturnType<typeof seededRandom>;

  constructor(seed: number) {
    this.#below = seededRandom(seed);
  }

  seed(): number {
    return this.#below(1_000_000_000);
  }

  normal(): number {
    const uniform = (): number => (this.#below(1_000_000_000) + 0.5) / 1_000_000_000;
    return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  }
}

/** One window: ln p99 of all but the first quarter of its tasks. */
export function pointOf(queue: Queue, rate: number, requests: number, seed: number, luck: Luck): RatePoint {
  const { servers, taskMs } = queue;
  const schedule = scheduleOf({ kind: 'poisson' }, requests, INPUTS, seed);
  const speed = Math.exp(SPEED_SPREAD * luck.normal());
  const arrivals = dueMs(schedule, rate).map((arrivedMs, index) => {
    const input = ((schedule.inputs[index] ?? 0) / (INPUTS - 1)) * 2 - 1;
    return { arrivedMs, serviceMs: taskMs * speed * (1 + 0.1 * input + 0.03 * luck.normal()) };
  });
  const latencies = queueLatenciesMs(arrivals, servers).slice(Math.floor(requests / 4));
  return { rate, logMs: Math.log(quantile(sorted(latencies), 0.99)) };
}

function capacityOf({ servers, taskMs }: Queue): number {
  return (servers * 1000) / taskMs;
}

/** ln of the rate at which the median over many windows just meets the objective. */
function truthOf(queue: Queue, requests: number, luck: Luck): number {
  let [lo, hi] = [Math.log(0.1 * capacityOf(queue)), Math.log(1.3 * capacityOf(queue))];
  for (let step = 0; step < 12; step++) {
    const middle = (lo + hi) / 2;
    const logs = Array.from(
      { length: TRUTH_WINDOWS },
      () => pointOf(queue, Math.exp(middle), requests, luck.seed(), luck).logMs,
    );
    if (quantile(sorted(logs), 0.5) > Math.log(OBJECTIVE_MS)) hi = middle;
    else lo = middle;
  }
  return (lo + hi) / 2;
}

function searched(queue: Queue, luck: Luck): number {
  const points: RatePoint[] = [];
  const search = () => searchRate(capacityOf(queue), points, OBJECTIVE_MS);
  while (points.length < SEARCH.windows) points.push(pointOf(queue, search().next, SEARCH.requests, luck.seed(), luck));
  return search().estimate;
}

function heldIn(queue: Queue, around: number, requests: number, seed: number, luck: Luck): Bounded {
  const points = AROUND.map((share) => pointOf(queue, share * around, requests, seed, luck));
  const { kind, rate } = heldRate(points, OBJECTIVE_MS);
  const at = Math.log(rate);
  return { at, lo: kind === 'below' ? -BEYOND : at, hi: kind === 'above' ? BEYOND : at };
}

/** Shares of simulated runs. */
export interface HeldRow {
  readonly covered: number;
  readonly differing: number;
  readonly bothEnds: number;
  /** The true held rate of the first queue lies in its own CI. */
  readonly rateCovered: number;
  /** Searches that end within a fifth of the true rate. */
  readonly searchedWell: number;
}

export function simulate(
  [one, other]: readonly [Queue, Queue],
  { blocks, requests }: { readonly blocks: number; readonly requests: number },
  runs: number,
  seed: number,
): HeldRow {
  const luck = new Luck(seed);
  const truth = truthOf(one, requests, luck);
  const trueDifference = one === other ? 0 : truthOf(other, requests, luck) - truth;
  let [covered, differing, bothEnds, rateCovered, searchedWell] = [0, 0, 0, 0, 0];
  for (let run = 0; run < runs; run++) {
    const [around, otherAround] = [searched(one, luck), searched(other, luck)];
    const seeds = Array.from({ length: blocks }, () => luck.seed());
    const rates = seeds.map((block) => heldIn(one, around, requests, block, luck));
    const others = seeds.map((block) => heldIn(other, otherAround, requests, block, luck));
    const { lo, hi } = openEstimate(
      others.map((rate, block) => difference(rate, rates[block] ?? rate)),
      LEVEL,
    );
    const own = openEstimate(rates, LEVEL);
    covered += isWithin(trueDifference, lo, hi);
    differing += 1 - isWithin(0, lo, hi);
    bothEnds += Number(lo !== null && hi !== null);
    rateCovered += isWithin(truth, own.lo, own.hi);
    searchedWell += Number(Math.abs(Math.log(around) - truth) < Math.log(1.2));
  }
  const share = (count: number): number => count / runs;
  return {
    covered: share(covered),
    differing: share(differing),
    bothEnds: share(bothEnds),
    rateCovered: share(rateCovered),
    searchedWell: share(searchedWell),
  };
}

function isWithin(value: number, lo: number | null, hi: number | null): number {
  return Number((lo ?? Number.NEGATIVE_INFINITY) <= value && value <= (hi ?? Number.POSITIVE_INFINITY));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

function main(): void {
  const { values } = parseArgs({
    options: {
      runs: { type: 'string', default: '400' },
      seed: { type: 'string', default: '1' },
      write: { type: 'boolean', default: false },
    },
  });
  const rows = SIZES.flatMap(({ name, ...size }) =>
    PAIRS.map(([pair, one, other]) => ({
      name,
      ...size,
      pair,
      row: simulate([one, other], size, Number(values.runs), Number(values.seed)),
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
        'search within a fifth',
      ],
      ...rows.map(({ blocks, requests, pair, row }) => [
        String(blocks),
        String(requests),
        pair,
        ...[row.differing, row.covered, row.bothEnds, row.rateCovered, row.searchedWell].map(percent),
      ]),
    ],
    { align: ['r', 'r', 'l', 'r', 'r', 'r', 'r', 'r'] },
  );
  const text = `${table}\n\n${madeBy(`npm run evidence:load-held -- --runs ${values.runs} --seed ${values.seed}`)}`;
  process.stdout.write(`${text}\n`);
  if (values.write) writeDocs('method.md', 'load-held', text);
  const isMet = rows.every(
    ({ pair, row }) => row.covered >= LEAST_COVERED && (pair !== 'twins' || row.differing <= MOST_DIFFERING),
  );
  if (!isMet) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
