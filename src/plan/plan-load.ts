import { groupTitle } from '../model/cell-id.ts';
import { LanewiseError } from '../model/errors.ts';
import { blocksNeeded, MOST_REQUESTS_UNASKED } from '../model/evidence.ts';
import type { FoundWorkload, Group, LoadPlan, Plan, PlannedCell, Turn } from '../model/plan.ts';
import { cellsOf, configurationsOf, orderBlocks } from './cells.ts';
import { completeWorkload } from './complete-workload.ts';
import { checkNeeded, inputWarnings, machineWarnings, type Machine } from './expected-warnings.ts';
import { checkParamNames, checkSets, scanParams } from './params.ts';
import { baselineOf, measuredOf, unusedLimit, versionsOf, type Versions } from './plan.ts';
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
export function planLoad(found: readonly FoundWorkload[], asked: NamedLoad, seed: number, machine: Machine): Plan {
  const { request, load } = asked;
  const versions = versionsIn(found, asked);
  const measured = measuredOf(versions);
  const workload = { ...measured.workload, tasksAreFixed: true };
  checkParamNames([workload], request.params);
  checkSets([workload], request.params);
  const [params = workload.params] = scanParams(workload, request.params);
  const title = groupTitle(workload.name, params, workload.params);
  const configurations = configurationsOf(workload, {
    strategies: request.strategies,
    poolSizes: request.options.poolSizes,
    poolSizesAreGiven: true,
    // One task at a time in each worker, as pools have it by default; the event loop takes all.
    concurrency: request.concurrency ?? [1],
    loopConcurrency: ['all'],
    own: machine.ownStrategies,
  });
  const cells = cellsOf(title, configurations, measured.versions);
  const blocks = Math.max(request.options.blocks, blocksNeeded(cells.length * (load.rates?.length ?? 1)));
  checkRequests(cells.length, blocks, asked);
  const group: Group = {
    workload,
    versions: measured.versions,
    compares: versions.newer === undefined ? 'with-baseline' : 'with-older-self',
    title,
    params,
    cells,
    baseline: baselineOf(title, cells, request),
    ...windowsOf(cells, blocks, asked, seed),
    upperBoundLanes: [],
  };
  return {
    seed,
    options: { ...request.options, blocks },
    groups: [group],
    runtimes: machine.runtimes,
    ownStrategies: machine.ownStrategies,
    ...(machine.queue && { queue: machine.queue }),
    warnings: [
      ...unusedLimit(request),
      ...machineWarnings(machine),
      ...checkNeeded([group], machine),
      ...inputWarnings([group]),
    ],
  };
}

/** @throws LanewiseError for several workloads, unless they are the versions of one */
function versionsIn(found: readonly FoundWorkload[], { request }: NamedLoad): Versions {
  const most = request.versus === true || request.versusRef !== undefined ? 2 : 1;
  const [versions] =
    found.length > most
      ? []
      : versionsOf(
          found.map((module) => completeWorkload(module, request)),
          request,
        );
  if (versions !== undefined) return versions;
  throw new LanewiseError(
    'usage',
    `Invalid workload "${request.workloads?.[0] ?? ''}": it stands for several, and load takes one, for example lanewise load primes.`,
  );
}

function windowsOf(
  cells: readonly PlannedCell[],
  blocks: number,
  { load, request }: NamedLoad,
  seed: number,
): Pick<Group, 'blocks' | 'load'> {
  if (load.rates === undefined)
    return {
      blocks: orderBlocks(cells, SEARCH.blocks, SEARCH.rounds, seed),
      load: { ...withoutPulses(load), ...windowOf(Math.min(load.requests, SEARCH.requests)) },
    };
  const turns = atRates(cells, load.rates);
  return { blocks: orderBlocks(turns, blocks, request.options.rounds, seed, ({ rateIndex = 0 }) => rateIndex), load };
}

/** Bursts of a window, between which there is a distance. */
const LEAST_BURSTS = 2;

/**
 * @throws LanewiseError for bursts of which a window has no two, and for more requests than anybody wants by accident;
 *   those of pulses are not known yet
 */
function checkRequests(cells: number, blocks: number, asked: NamedLoad): void {
  const { load, request, isForced } = asked;
  const { arrivals } = load;
  if (arrivals.kind === 'burst' && arrivals.size * LEAST_BURSTS > load.requests)
    throw new LanewiseError(
      'usage',
      `Invalid --arrivals: a window of ${load.requests} arrivals has no two bursts of ${arrivals.size}, and so no rate. Give smaller bursts, or --window ${arrivals.size * LEAST_BURSTS} or more.`,
    );
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
