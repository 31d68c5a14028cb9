import { byName, serverIn, writtenStrategy } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import { MOST_NEW_PER_SECOND, PRESETS, SHORTEST_OBJECTIVE_MS } from '../model/evidence.ts';
import type { LoadPlan } from '../model/plan.ts';
import type { Environment } from '../model/results.ts';
import { strategiesWith } from '../model/strategies.ts';
import type { WorkOf } from '../options/table.ts';
import { requireOneMachine, resolveRequest, type NamedRequest, type ResolvedRequest } from './resolve.ts';

/** Request of a load measurement, each value checked on its own. */
export type LoadRequest = WorkOf<'load'>;

/** A request that fits the machine. */
export interface ResolvedLoad {
  readonly request: ResolvedRequest;
  readonly load: LoadPlan;
  /** The size of a window was given: it is not shortened. */
  readonly isWindowGiven: boolean;
  /** Any number of requests is wanted. */
  readonly isForced: boolean;
}

/** {@link ResolvedLoad} with the names of strategies. */
export interface NamedLoad extends ResolvedLoad {
  readonly request: NamedRequest;
}

/**
 * Windows of each configuration at a given rate in a block: the second in the reverse order of the first. Around a rate
 * that was searched for there are more rates, and longer windows are worth more than second ones.
 */
const ROUNDS = 2;
const WINDOW = 400;
/** Share of the arrivals of a window in which the queue fills up, and which do not count. */
const SETTLING = 1 / 4;

/** @throws LanewiseError for values that contradict each other, with a remedy */
export function resolveLoad(
  {
    workload,
    objective,
    rates: askedRates = 'auto',
    arrivals,
    window,
    maxQueue,
    giveUpMs,
    pingObjectiveMs,
    overload,
    stricterFifo,
    keepRequests,
    force,
    via,
    connections,
    probe,
    ...rest
  }: LoadRequest,
  environment: Pick<Environment, 'cores'>,
): ResolvedLoad {
  const workloads = workloadsOf(workload, rest.versus);
  const rates = askedRates === 'auto' ? undefined : askedRates;
  const several = Object.entries(rest.params ?? {}).find(([, values]) => values.length > 1);
  if (several !== undefined)
    throw new LanewiseError('usage', `Invalid --param ${several[0]}: load takes one value. To scan it: lanewise run.`);
  checkServers(rest.strategies);
  const leastMs = objective?.ms ?? SHORTEST_OBJECTIVE_MS;
  if (giveUpMs !== undefined && giveUpMs < leastMs)
    throw new LanewiseError(
      'usage',
      `Invalid --give-up: nobody waits for the objective, ${leastMs} ms, if all give up after ${giveUpMs} ms. Give at least that, or a shorter --objective.`,
    );
  const request = resolveRequest(
    {
      strategies: byName(...strategiesWith(({ isTuned }) => isTuned)),
      poolSizes: [{ perCore: 1 }],
      blocks: PRESETS[rest.preset ?? 'standard'].blocks,
      rounds: rates === undefined ? 1 : ROUNDS,
      ...rest,
      workloads,
      upperBound: false,
    },
    environment,
    via !== 'in-process',
  );
  requireOneMachine(request);
  return {
    request,
    load: {
      arrivals: arrivals ?? { kind: 'poisson' },
      ...windowOf(window ?? WINDOW),
      ...(objective && { objective }),
      ...(rates && { rates }),
      ...(maxQueue !== undefined && maxQueue !== 'none' && { maxQueue }),
      ...(giveUpMs !== undefined && { giveUpMs }),
      ...pingObjective(pingObjectiveMs, via, rates, probe),
      ...(overload && { overload }),
      stricterFifo: stricterFifo ?? true,
      keepsRequests: keepRequests ?? false,
      ...sending({ via, connections, probe, rates }),
    },
    isWindowGiven: window !== undefined,
    isForced: force ?? false,
  };
}

/** @throws LanewiseError for any number but one, or two with --versus */
function workloadsOf(given: readonly string[] = [], versus = false): readonly string[] {
  const [first, second] = given;
  const { size } = new Set(given);
  if (versus && size !== 2)
    throw new LanewiseError(
      'usage',
      `--versus takes two different paths, and got ${size}: lanewise load old/task.js new/task.js --versus.`,
    );
  if (first === undefined) throw new LanewiseError('usage', 'Missing workload: for example lanewise load primes.');
  if (!versus && second !== undefined)
    throw new LanewiseError(
      'usage',
      `Unexpected workload "${second}": load takes one, or the old and the new version of one with --versus.`,
    );
  return given;
}

/** The size of a window. @param requests number of arrivals */
export function windowOf(requests: number): Pick<LoadPlan, 'requests' | 'settling'> {
  return { requests, settling: Math.floor(requests * SETTLING) };
}

/** @throws LanewiseError where there are no pings, or nothing is recommended */
function pingObjective(
  pingObjectiveMs: number | undefined,
  via: LoadRequest['via'],
  rates: readonly number[] | undefined,
  probe: number | undefined,
): Pick<LoadPlan, 'pingObjectiveMs'> {
  if (pingObjectiveMs === undefined) return {};
  if (probe === 0)
    throw new LanewiseError(
      'usage',
      'Invalid --ping-objective: with --probe 0 there are no pings. Leave one of them out.',
    );
  const other = via === 'in-process' ? '--via in-process' : rates === undefined ? undefined : '--rate';
  if (other !== undefined)
    throw new LanewiseError(
      'usage',
      `Invalid --ping-objective: it is for recommendations over HTTP. Leave out ${other}.`,
    );
  return { pingObjectiveMs };
}

/** Kept-alive connections: enough that requests seldom wait for one, few enough that all are used. */
const CONNECTIONS = 64;
const PROBES_PER_SECOND = 20;

type SendingAsked = { readonly [Name in 'via' | 'connections' | 'probe']: LoadRequest[Name] | undefined } & {
  readonly rates: readonly number[] | undefined;
};

/** @throws LanewiseError for settings of HTTP without it, and for more new connections than a machine has ports */
function sending({
  via = 'http',
  connections,
  probe,
  rates,
}: SendingAsked): Pick<LoadPlan, 'via' | 'connections' | 'probePerSecond'> {
  if (via === 'in-process') {
    if (connections === undefined && probe === undefined) return { via };
    const flag = connections === undefined ? '--probe' : '--connections';
    throw new LanewiseError('usage', `Invalid ${flag}: in process there is no server. Give it with --via http.`);
  }
  if (connections === 'new' && (rates === undefined || rates.some((rate) => rate > MOST_NEW_PER_SECOND)))
    throw new LanewiseError(
      'usage',
      `Invalid --connections "new": give --rate, at most ${MOST_NEW_PER_SECOND}, since each connection keeps a port for a minute.`,
    );
  return { via, connections: connections ?? CONNECTIONS, probePerSecond: probe ?? PROBES_PER_SECOND };
}

/** @throws LanewiseError for a limited concurrency: such a server takes every request that it is given */
function checkServers(strategies: LoadRequest['strategies'] = []): void {
  for (const asked of strategies) {
    const { strategy = '', poolSize = 1, concurrency = 'all' } = serverIn(asked) ?? {};
    if (concurrency !== 'all')
      throw new LanewiseError(
        'usage',
        `Invalid --strategy "${writtenStrategy(asked)}": its workers take all requests. Write ${strategy}@${poolSize}.`,
      );
  }
}
