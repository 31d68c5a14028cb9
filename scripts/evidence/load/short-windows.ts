/** How much more is held in a window than in a long one, in which queues have time to get long. */
import { markdownTable } from 'markdown-table';
import { leastWindowOf } from '../../../src/model/arrivals.ts';
import { MOST_REQUESTS } from '../../../src/model/evidence.ts';
import { windowOf } from '../../../src/plan/resolve-load.ts';
import { plainQueue } from '../../../src/stats/load/plain-queue.ts';
import { ARRIVALS, capacityOf, Luck, OBJECTIVE, PROBABILITY, truthOf, type Queue } from './simulated-queue.ts';

const LEAST = { leastWindowMs: leastWindowOf(OBJECTIVE) } as const;
const SIZES = [100, 150, 400].map(windowOf);
const LONG = windowOf(MOST_REQUESTS);
const LONG_WINDOWS = 60;
const QUEUES: readonly (Queue & { readonly name: string })[] = [
  { name: 'even tasks', servers: 1, taskMs: 10 },
  { name: 'even tasks', servers: 2, taskMs: 10 },
  { name: 'even tasks', servers: 8, taskMs: 10 },
  { name: 'dealt out', servers: 2, taskMs: 10, areApart: true },
  { name: 'exponential length', servers: 1, taskMs: 10, law: 'exponential' },
  { name: 'exponential length', servers: 8, taskMs: 10, law: 'exponential' },
];

/** Rates that hold the objective, as multiples of the one that holds it in long windows. */
interface Short {
  /** In windows with just their arrivals. */
  readonly plain: number;
  /** In windows that also last as long as they do at least. */
  readonly lasting: number;
  /** The share that a plain queue shows, times the last one: 1 if the queue is like it. */
  readonly forecast: number;
}

/** For each size of a window. */
export function heldInShort(queue: Queue, { windows = LONG_WINDOWS, seed = 1 } = {}): readonly Short[] {
  const luck = new Luck(seed);
  const long = Math.exp(truthOf(queue, LONG, luck, windows));
  return SIZES.map((size) => {
    const [plain = 0, lasting = 0] = [size, { ...size, ...LEAST }].map((one) =>
      Math.exp(truthOf(queue, one, luck, 10 * windows)),
    );
    const shape = { arrivals: ARRIVALS, probability: PROBABILITY, ...size, ...LEAST };
    const like = plainQueue({ capacity: capacityOf(queue), aloneMs: queue.taskMs }, shape, seed);
    return { plain: plain / long, lasting: lasting / long, forecast: (like.lasting(lasting) * lasting) / long };
  });
}

export function shortWindowsTexts(): readonly string[] {
  const columns = [
    'servers',
    'tasks',
    ...SIZES.flatMap(({ requests }) =>
      ['', `, ${LEAST.leastWindowMs} ms`, ', forecast'].map((kind) => `${requests}${kind}`),
    ),
  ];
  const rows = QUEUES.map((queue) => [
    String(queue.servers),
    queue.name,
    ...heldInShort(queue)
      .flatMap(({ plain, lasting, forecast }) => [plain, lasting, forecast])
      .map((times) => times.toFixed(2)),
  ]);
  return [
    `The rate held in windows of so many arrivals, in those that last at least so long, too, and that times the share which the report forecasts for longer ones, each as a multiple of the rate held in windows of ${MOST_REQUESTS}:`,
    markdownTable([columns, ...rows], { align: columns.map((_, index) => (index === 1 ? 'l' : 'r')) }),
  ];
}
