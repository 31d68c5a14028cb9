import type { Slots } from '../../workers/deferred.ts';
import type { UpperBoundSample } from '../model/results.ts';
import { assign } from './assign.ts';
import { closeUnmeasured, orFail, startHostOf, type GroupContext } from './cell-hosts.ts';
import type { Host } from './host.ts';
import { isSteady } from './prepare.ts';

/** Samples of the upper bound; empty once a process has failed. */
export interface UpperBoundLog {
  readonly lanes: number;
  readonly samples: UpperBoundSample[];
}

export interface UpperBound {
  /** Starts the processes, beside the hosts of cells: nothing is measured yet. */
  readonly start: () => void;
  /** Opens them once they have started, and warms them up where there is room. */
  readonly open: (warming: Slots) => Promise<void>;
  /** The independent processes take their turn, once for each number of them; none in later rounds than theirs. */
  readonly measure: (block: number, round: number) => Promise<void>;
  /** CPU time that they used during their batches. */
  readonly cpuMs: () => number;
  readonly end: () => Promise<void>;
}

/**
 * Measures the upper bound: independent processes without messaging, each a host that runs whole batches, one task
 * after the other. N of them at once show what N lanes can reach at most on this machine. They belong to no cell; if
 * one fails, the upper bound is not measured.
 *
 * @param rounds of a block in which they take their turn
 */
export function createUpperBound(context: GroupContext, logs: UpperBoundLog[], rounds: number): UpperBound {
  const { group, options, equalWork } = context;
  const cell = {
    id: `${group.workload.name}/upper-bound`,
    strategy: 'sequential',
    poolSize: 1,
    concurrency: 1,
  } as const;
  let starting: readonly Promise<Host>[] = [];
  /** Empty until all of them are open. */
  let hosts: readonly Host[] = [];
  let cpuMs = 0;

  const kill = async (): Promise<void> => {
    const ending = starting.map(async (host) => (await host).kill());
    starting = [];
    hosts = [];
    await Promise.allSettled(ending);
  };
  const abandonOnError = (step: () => Promise<void>): Promise<void> =>
    orFail(context.signal, step, () => {
      logs.length = 0;
      return kill();
    });
  const warm = async (host: Host): Promise<void> => {
    const wallsMs: number[] = [];
    while (wallsMs.length < options.warmups || !isSteady(wallsMs)) {
      const { digests, wallMs } = await host.warm(starting.length);
      equalWork.check(cell.id, digests);
      wallsMs.push(wallMs);
    }
  };

  return {
    start: () => {
      const most = Math.max(0, ...logs.map(({ lanes }) => lanes));
      starting = Array.from({ length: most }, () => startHostOf(context, {}));
      // A process that does not start is reported when all are opened, which may be never.
      for (const host of starting) host.catch(() => undefined);
    },
    open: (warming) =>
      abandonOnError(async () => {
        hosts = await Promise.all(
          starting.map(async (one) => {
            const host = await one;
            await host.open(assign(context, cell, rounds * logs.length));
            await warming(() => warm(host));
            return host;
          }),
        );
      }),
    measure: (block, round) =>
      abandonOnError(async () => {
        if (hosts.length === 0 || round >= rounds) return;
        for (const { lanes, samples } of round % 2 === 0 ? logs : logs.toReversed()) {
          // Rotated, so that a process that happens to be slow is not always the one measured alone.
          const turned = [...hosts.slice(round % hosts.length), ...hosts.slice(0, round % hosts.length)];
          const batches = await Promise.all(turned.slice(0, lanes).map((host) => host.measure()));
          // Their joint throughput, as the time of one batch.
          const perMs = batches.reduce((sum, { reading }) => sum + 1 / reading.wallMs, 0);
          cpuMs += batches.reduce((sum, { reading }) => sum + reading.cpuMs, 0);
          samples.push({ block, round, wallMs: 1 / perMs });
        }
      }),
    cpuMs: () => cpuMs,
    end: async () => {
      await closeUnmeasured(hosts, context);
      await kill();
    },
  };
}
