import { findStrategies, findWorkloads } from '../measure/find-modules.ts';
import { moduleChecksum } from '../measure/locate-module.ts';
import type { Probed } from '../measure/probe-workloads.ts';
import type { FoundQueue } from '../measure/find-queue.ts';
import { isQueue } from '../model/asked-strategy.ts';
import { LanewiseError } from '../model/errors.ts';
import type { FoundWorkload } from '../model/plan.ts';
import type { Environment, Warning } from '../model/results.ts';
import { completeWorkload, givenTasks } from '../plan/complete-workload.ts';
import { nameStrategies, needsMachines, type NamedRequest, type ResolvedRequest } from '../plan/resolve.ts';
import { scanParams } from '../plan/params.ts';
import type { Machine } from '../plan/expected-warnings.ts';
import { selectWorkloads } from '../plan/select-workloads.ts';
import { openFilesLimit, queueUrlHere, randomSeed } from '../system/surroundings.ts';
import type { Versions } from './versions.ts';

/** Everything a request names, found: modules that load, binaries that run. */
export interface Found {
  readonly workloads: readonly FoundWorkload[];
  readonly request: NamedRequest;
  readonly machine: Machine;
  readonly seed: number;
  readonly warnings: readonly Warning[];
  /** Removes the temporary folders of older versions and of servers. */
  readonly remove: () => void;
}

/** @throws LanewiseError for the first that is missing or invalid */
export async function find(asked: ResolvedRequest, environment: Environment): Promise<Found> {
  const { startTimeoutMs } = asked.options;
  const runtimes = await runtimesOf(asked);
  const how = { startTimeoutMs, runtimes };
  const own = await findStrategies(
    asked.strategies.flatMap((one) => (one.kind === 'module' ? [one.path] : [])),
    how,
  );
  const named = nameStrategies(asked, own.strategies);
  const queue = await queueOf(named);
  let versions: Versions | undefined;
  const remove = (): void => {
    versions?.remove();
    queue?.close();
  };
  try {
    versions = await versionsOf(selectWorkloads(named.workloads), named);
    const request = { ...named, options: { ...named.options, ...versions.options, ...queue?.options } };
    const workloads = await findWorkloads(versions.places, { ...how, workerData: request.workerData });
    return {
      workloads,
      request,
      machine: {
        ...environment,
        openFilesLimit: openFilesLimit(),
        runtimes,
        ownStrategies: own.strategies,
        queue: queue?.asked,
      },
      seed: request.seed ?? randomSeed(),
      warnings: [...own.warnings, ...versions.warnings, ...sameVersions(workloads, named), ...unusedServer(named)],
      remove,
    };
  } catch (thrown) {
    remove();
    throw thrown;
  }
}

type Kinds = Pick<Found, 'workloads' | 'request'>;

/**
 * Adds the kind of each workload and how long a task takes, measured where the module declares no kind or nothing says
 * how many tasks a batch has, or as the resumed run had found it: configurations and batches depend on it.
 */
export async function measuredKinds({ request, seed, machine, ...found }: Found): Promise<readonly FoundWorkload[]> {
  const known = knownKinds({ request, ...found });
  const open = known.filter((module) => isOpen(module, request));
  if (open.length === 0) return known;
  const probed = open.map((module): Probed & { readonly isScanned: boolean } => {
    const workload = completeWorkload(module, request);
    const [params = workload.params, ...others] = scanParams(workload, request.params);
    return { workload, params, isScanned: others.length > 0 };
  });
  const { probeWorkloads } = await import('../measure/probe-workloads.ts');
  const probes = await probeWorkloads(probed, { options: request.options, seed, runtimes: machine.runtimes });
  return known.map((module) => {
    if (!isOpen(module, request)) return module;
    const index = open.indexOf(module);
    const { bound = 'unknown', taskMs } = probes[index] ?? {};
    // Other values of a param have tasks of another length.
    const isOfAll = taskMs !== undefined && probed[index]?.isScanned !== true;
    return { ...module, measuredBound: bound, ...(isOfAll && { measuredTaskMs: taskMs }) };
  });
}

/**
 * Kinds before measuring: unknown ones count as the kind with the fewest configurations, to refuse nothing that may
 * fit.
 */
export function likelyKinds(found: Kinds): readonly FoundWorkload[] {
  return knownKinds(found).map((module) =>
    isOpen(module, found.request) ? { ...module, measuredBound: 'cpu' } : module,
  );
}

function knownKinds({ workloads, request: { kinds = [] } }: Kinds): readonly FoundWorkload[] {
  return workloads.map((module) => {
    const own = kinds.filter(({ source }) => source === module.source);
    // Groups with the batches of an earlier run have those again.
    const kind = own.find(({ tasks }) => tasks !== undefined) ?? own[0];
    if (kind === undefined) return module;
    return { ...module, measuredBound: kind.bound, ...(kind.tasks !== undefined && { plannedTasks: kind.tasks }) };
  });
}

function isOpen(module: FoundWorkload, request: NamedRequest): boolean {
  const isKnown = module.claims.bound !== undefined && givenTasks(module, request) !== undefined;
  return !isKnown && module.measuredBound === undefined;
}

/** Loads what asks binaries for their version only if some are given. */
async function runtimesOf(request: ResolvedRequest): Promise<Machine['runtimes']> {
  const { runtimes = [], nodeOptions = [] } = request;
  if (runtimes.length === 0 && nodeOptions.length === 0) return [];
  return (await import('../measure/find-runtimes.ts')).findRuntimes(request);
}

/** Loads what looks for a queue and its server only if a strategy needs them. */
async function queueOf(request: NamedRequest): Promise<FoundQueue | undefined> {
  const { queueUrl, queueServer } = request;
  if (!request.strategies.some(isQueue)) return undefined;
  const url = queueUrl ?? (queueServer === undefined ? queueUrlHere() : undefined);
  if (url !== undefined && queueServer !== undefined)
    throw new LanewiseError(
      'usage',
      'Give either --queue-url, for your server, or --queue-server, for one of its own.',
    );
  if (needsMachines(request)) await checkReachable(url, request.insecure);
  return (await import('../measure/find-queue.ts')).findQueue({
    ...(url !== undefined && { url }),
    ...(queueServer !== undefined && { kind: queueServer }),
  });
}

/** @throws LanewiseError for a server that other machines cannot or should not reach */
async function checkReachable(url: string | undefined, insecure: boolean | undefined): Promise<void> {
  if (url === undefined)
    throw new LanewiseError('usage', '--machines needs a server that the other machines reach: give --queue-url.');
  (await import('../measure/safe-server.ts')).checkSafe(url, '--queue-url', insecure);
}

/** Warns of versions, which come in pairs, whose own file has not changed. */
function sameVersions(
  workloads: readonly FoundWorkload[],
  { versus = false, versusRef }: NamedRequest,
): readonly Warning[] {
  if (!versus && versusRef === undefined) return [];
  return workloads.flatMap((newer, index): readonly Warning[] => {
    const older = index % 2 === 1 ? workloads[index - 1] : undefined;
    if (older === undefined || moduleChecksum(older.ref) !== moduleChecksum(newer.ref)) return [];
    return [{ kind: 'same-version', workload: newer.source }];
  });
}

/** Warns of a server that was given for nothing; that of the environment may be for other runs. */
function unusedServer(request: NamedRequest): readonly Warning[] {
  if (request.strategies.some(isQueue)) return [];
  const options = [
    ...(request.queueUrl === undefined ? [] : (['--queue-url'] as const)),
    ...(request.queueServer === undefined ? [] : (['--queue-server'] as const)),
  ];
  return options.map((option) => ({ kind: 'server-not-used', option }));
}

/** Runs git only for an older version. */
async function versionsOf(places: Versions['places'], { versusRef, versusCommit }: NamedRequest): Promise<Versions> {
  if (versusRef === undefined) return { places, options: {}, warnings: [], remove: () => undefined };
  return (await import('./versions.ts')).findVersions(places, versusRef, versusCommit);
}
