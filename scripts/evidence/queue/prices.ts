/**
 * Measures what BullMQ costs: a job in the worker's own process beside one in a sandboxed process and in a sandboxed
 * thread, on Redis and on PostgreSQL.
 *
 *   npm run evidence:queue -- [--repetitions 5] [--batches 3] [--concurrency 1,2,4] [--works noop,echo,primes]
 *     [--servers redis,postgres] [--seed 1] [--json]
 *
 * A repetition starts each server afresh and measures all configurations in random order, each in a worker process and
 * a queue of its own. After a batch that warms it up, batches are timed from `addBulk` to the end of the last job in
 * the worker; no result is sent back. The table has the median of the repetitions with the lowest and the highest.
 */
import { fileURLToPath } from 'node:url';
import { startQueueServer, type QueueServerKind } from '../../../src/queue/queue-server.ts';
import { seededRandom, type Random } from '../../../src/stats/quantile.ts';
import { measureQueue, type Price, type QueueConfiguration } from './measure-queue.ts';
import type { WorkName } from './processor.ts';
import { tabulate } from './tabulate-prices.ts';
import { MODES } from './worker.ts';
import { scriptOptions } from '../../script-options.ts';

export interface PriceOptions {
  readonly servers: readonly QueueServerKind[];
  readonly works: readonly WorkName[];
  readonly concurrency: readonly number[];
  readonly repetitions: number;
  readonly batches: number;
  /** Jobs of a batch; default: as many as suit the work. */
  readonly jobs?: number;
  readonly seed: number;
}

/** One configuration with the price of a job in each repetition. */
export interface PricedConfiguration extends QueueConfiguration {
  readonly server: QueueServerKind;
  readonly version: string;
  readonly prices: readonly Price[];
}

/** @param note called before each configuration */
export async function priceQueues(
  { servers, works, concurrency, repetitions, batches, jobs, seed }: PriceOptions,
  note: (text: string) => void,
): Promise<readonly PricedConfiguration[]> {
  const configurations = works.flatMap((work) =>
    MODES.flatMap((mode) => concurrency.map((each): QueueConfiguration => ({ work, mode, concurrency: each }))),
  );
  const below = seededRandom(seed);
  const found = new Map<string, PricedConfiguration>();
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    for (const kind of servers) {
      const server = await startQueueServer(kind);
      try {
        for (const configuration of shuffled(configurations, below)) {
          const key = JSON.stringify([kind, configuration]);
          note(`repetition ${repetition} of ${repetitions}: ${key}`);
          const price = await measureQueue(server, configuration, { batches, jobs });
          const prices = [...(found.get(key)?.prices ?? []), price];
          found.set(key, { ...configuration, server: server.kind, version: server.version, prices });
        }
      } finally {
        await server.close();
      }
    }
  }
  return [...found.values()];
}

function shuffled<Item>(items: readonly Item[], below: Random): readonly Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(below(left.length), 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = scriptOptions({
    servers: 'redis,postgres',
    works: 'noop,echo,primes',
    concurrency: '1,2,4',
    repetitions: 5,
    batches: 3,
    seed: 1,
    json: false,
  });
  const priced = await priceQueues(
    {
      servers: values.servers.split(',') as QueueServerKind[],
      works: values.works.split(',') as WorkName[],
      concurrency: values.concurrency.split(',').map(Number),
      repetitions: values.repetitions,
      batches: values.batches,
      seed: values.seed,
    },
    (text) => process.stderr.write(`${text}\n`),
  );
  console.log(values.json ? JSON.stringify(priced, undefined, 2) : tabulate(priced));
}
