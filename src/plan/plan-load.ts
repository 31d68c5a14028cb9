import { writtenStrategy } from '../model/asked-strategy.ts';
import { groupTitle } from '../model/cell-id.ts';
import { LanewiseError } from '../model/errors.ts';
import { blocksNeeded, MOST_REQUESTS_UNASKED } from '../model/evidence.ts';
import type { FoundWorkload, Group, LoadPlan, Plan, PlannedCell, Turn } from '../model/plan.ts';
import { configurationsOf, orderBlocks, planCells } from './cells.ts';
import { completeWorkload } from './complete-workload.ts';
import { checkNeeded, machineWarnings, type Machine } from './expected-warnings.ts';
import { checkParamNames, checkSets, scanParams } from './params.ts';
import { checkHosts, versionOf, versionsOf } from './plan.ts';
import { leastArrivals } from './plan-held.ts';
import { windowOf, type NamedLoad } from './resolve-load.ts';

/** The windows in which the rate of each configuration is searched for. */
const SEARCH = { blocks: 2, rounds: 3, requests: 150 } as const;

/**
 * Plans the windows: in every block each configuration has one at each rate, in random order, and again in the reverse
 * order. Without rates it plans the search for them, which `planHeld` follows.
 *
 * @throws LanewiseError for several workloads, or no configuration
 */
export function planLoad(
  [found, newerFound, ...others]: readonly FoundWorkload[],
  asked: NamedLoad,
  seed: number,
  machine: Machine,
): Plan {
  const { request, load } = asked;
  const isOfVersions = request.versus === true || request.versusRef !== undefined;
  if (found === undefined || others.length > 0 || (newerFound !== undefined && !isOfVersions))
    throw new LanewiseError(
      'usage',
      `Invalid workload "${request.workloads?.[0] ?? ''}": it stands for several, and load takes one, for example lanewise load primes.`,
    );
  const [{ workload: older, newer } = { workload: completeWorkload(found, request), newer: undefined }] = versionsOf(
    [found, ...(newerFound ? [newerFound] : [])].map((module) => completeWorkload(module, request)),
    request,
  );
  const workload = {
    ...older,
    tasksAreFixed: true,
    hostLoadsIt: older.hostLoadsIt || newer?.hostLoadsIt === true,
    services: [...new Set([...older.services, ...(newer?.services ?? [])])],
  };
  checkParamNames([workload], request.params);
  checkSets([workload], request.params);
  const [params = workload.params] = scanParams(workload, request.params);
  const title = groupTitle(workload.name, params, workload.params);
  const { strategies, baseline, options } = request;
  const versions = newer === undefined ? [versionOf(workload)] : [versionOf(workload, 'old'), versionOf(newer, 'new')];
  const cells = planCells(
    title,
    configurationsOf(workload, {
      strategies,
      poolSizes: options.poolSizes,
      poolSizesAreGiven: true,
      // One task at a time in each worker, as pools have it by default; the event loop takes all.
      concurrency: request.concurrency ?? [1],
      loopConcurrency: ['all'],
      own: machine.ownStrategies,
    }).flatMap((configuration) =>
      versions.map(({ version }) => ({ ...configuration, ...(version !== undefined && { version }) })),
    ),
  );
  checkHosts(title, cells.length);
  const written = writtenStrategy(baseline);
  const first =
    cells.find(({ id }) => id === `${title}/${written}`) ?? cells.find(({ strategy }) => strategy === written);
  const chosen = first ?? cells[0];
  if (chosen === undefined)
    throw new LanewiseError('usage', `Nothing to measure for ${title}: give at least one --strategy.`);
  const blocks = Math.max(options.blocks, blocksNeeded(cells.length * (load.rates?.length ?? 1)));
  checkRequests(cells.length, blocks, asked);
  const group: Group = {
    workload,
    versions,
    compares: newer === undefined ? 'with-baseline' : 'with-older-self',
    title,
    params,
    cells,
    baseline: chosen.id,
    ...(load.rates === undefined
      ? {
          blocks: orderBlocks(cells, SEARCH.blocks, SEARCH.rounds, seed),
          load: { ...withoutPulses(load), ...windowOf(Math.min(load.requests, SEARCH.requests)) },
        }
      : {
          blocks: orderBlocks(
            atRates(cells, load.rates),
            blocks,
            options.rounds,
            seed,
            ({ rateIndex = 0 }) => rateIndex,
          ),
          load,
        }),
    upperBoundLanes: [],
  };
  return {
    seed,
    options: { ...options, blocks },
    groups: [group],
    runtimes: machine.runtimes,
    ownStrategies: machine.ownStrategies,
    ...(machine.queue && { queue: machine.queue }),
    warnings: [...machineWarnings(machine), ...checkNeeded([group], machine)],
  };
}

/** @throws LanewiseError for more requests than anybody wants by accident; those of pulses are not known yet */
function checkRequests(cells: number, blocks: number, asked: NamedLoad): void {
  const { load, request, isForced } = asked;
  const windows = load.rates === undefined ? undefined : load.rates.length * request.options.rounds;
  const requests = cells * blocks * (windows === undefined ? leastArrivals(asked) : windows * load.requests);
  if (isForced || requests <= MOST_REQUESTS_UNASKED) return;
  const [what, fewer] =
    windows === undefined
      ? [`at least ${requests}`, 'fewer configurations, fewer --blocks']
      : [`${requests}`, 'fewer --rate values or --blocks'];
  throw new LanewiseError(
    'usage',
    `Too much to measure: these are ${what} requests, and more than ${MOST_REQUESTS_UNASKED} need --force. Otherwise give ${fewer} or a shorter --window.`,
  );
}

function atRates(cells: readonly PlannedCell[], rates: readonly number[]): readonly Turn[] {
  return cells.flatMap((cell) => rates.map((_, rateIndex): Turn => ({ ...cell, rateIndex })));
}

/** They depend on the rates that are searched for. */
function withoutPulses({ overload: _later, ...load }: LoadPlan): LoadPlan {
  return load;
}
