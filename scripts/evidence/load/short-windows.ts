/** How much more is held in a window than in a long one, in which queues have time to get long. */
import { markdownTable } from 'markdown-table';
import { leastWindowOf } from '../../../src/model/arrivals.ts';
import { MOST_REQUESTS } from '../../../src/model/evidence.ts';
import { windowOf } from '../../../src/plan/resolve-load.ts';
import { Luck, OBJECTIVE, truthOf, type Queue } from './simulated-queue.ts';

const LEAST_MS = leastWindowOf(OBJECTIVE);
const SHORT = [100, 150, 400].flatMap((requests) => [
  { name: String(requests), ...windowOf(requests) },
  { name: `${requests}, ${LEAST_MS} ms`, ...windowOf(requests), leastWindowMs: LEAST_MS },
]);
const LONG = windowOf(MOST_REQUESTS);
const LONG_WINDOWS = 60;
const SERVERS = [1, 2, 8] as const;

/** The rate that holds the objective in windows of each size, as a multiple of the one that holds it in long windows. */
export function heldInShort(queue: Queue, { windows = LONG_WINDOWS, seed = 1 } = {}): readonly number[] {
  const luck = new Luck(seed);
  const long = truthOf(queue, LONG, luck, windows);
  return SHORT.map((size) => Math.exp(truthOf(queue, size, luck, 10 * windows) - long));
}

export function shortWindowsTexts(): readonly string[] {
  const rows = SERVERS.map((servers) => [
    String(servers),
    ...heldInShort({ servers, taskMs: 10 }).map((times) => times.toFixed(2)),
  ]);
  const columns = ['servers', ...SHORT.map(({ name }) => name)];
  return [
    `The rate held in windows of so many arrivals, and in those that last at least so long, too, as a multiple of the rate held in windows of ${MOST_REQUESTS}:`,
    markdownTable([columns, ...rows], { align: columns.map(() => 'r') }),
  ];
}
