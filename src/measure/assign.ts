import type { WorkloadRef } from '../../workers/contract.ts';
import type { HostAssignment } from '../host/host-protocol.ts';
import { mostArrivals } from '../model/arrivals.ts';
import type { Group, JoinedMachines, LoadPlan, PlannedCell, Workload } from '../model/plan.ts';
import type { Options } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import type { GroupContext } from './cell-hosts.ts';

/** The part of a group's context that a host gets. */
interface Assigning extends Pick<GroupContext, 'services' | 'seed' | 'ownStrategies' | 'queue'> {
  readonly group: Pick<Group, 'params' | 'versions' | 'load'> & {
    readonly workload: Pick<Workload, 'ref' | 'tasks' | 'inputs' | 'hostLoadsIt'>;
  };
  readonly options: Pick<Options, 'atomics' | 'verify'> & Partial<Pick<Options, 'timeoutMs'>>;
}

/** The assignment for the host of a cell. */
export function assign(
  { group, services, options, seed, ownStrategies, queue }: Assigning,
  { id, strategy, poolSize, concurrency, machines, version }: PlannedCell,
  rounds: number,
): HostAssignment {
  const { workload, params, versions } = group;
  const { ref } = versions.find((each) => each.version === version) ?? workload;
  const own = ownStrategies.find(({ name }) => name === strategy);
  return {
    lane: {
      workload: ref,
      params,
      services,
      cell: id,
      // In a window, as many tasks as arrive can be in flight.
      concurrency:
        concurrency === 'all' ? (group.load === undefined ? workload.tasks : mostArrivals(group.load)) : concurrency,
    },
    strategy,
    ...(own !== undefined && { ownStrategy: { ref: own.ref, laneKind: own.laneKind, keepsLanes: own.keepsLanes } }),
    poolSize,
    atomics: options.atomics,
    ...(group.load && { ...queueOf(group.load, poolSize), goesOn: true }),
    ...(traitsOf({ strategy }).needsServer === true && {
      queue: {
        ...(queue?.url !== undefined && { url: queue.url }),
        ...(queue?.kind !== undefined && { kind: queue.kind }),
        ...(queue?.template !== undefined && { template: queue.template }),
        ...(machines !== undefined && queue?.joined && { machines: machinesFor(queue.joined, ref, machines) }),
        name: queue?.newName() ?? 'lanewise',
        lockMs: LOCKS * (options.timeoutMs ?? 0) + SHORTEST_LOCK_MS,
        mostTasks: Math.max(workload.tasks, group.load === undefined ? 0 : mostArrivals(group.load)),
      },
    }),
    tasks: workload.tasks,
    loadsWorkload: workload.hostLoadsIt,
    verify: options.verify ?? 'sample',
    ...(workload.inputs !== undefined && { inputs: workload.inputs }),
    seed,
    rounds,
  };
}

/** The first ones that joined. */
function machinesFor(
  { token, machines, moduleOf }: JoinedMachines,
  ref: WorkloadRef,
  count: number,
): NonNullable<HostAssignment['queue']>['machines'] {
  return { token, others: machines.slice(0, count), module: moduleOf(ref) };
}

/** No task is taken for lost before its batch is late. */
const LOCKS = 2;
const SHORTEST_LOCK_MS = 60_000;

/** As in Piscina, `auto` is the square of the pool size. */
function queueOf(
  { maxQueue, stricterFifo }: Pick<LoadPlan, 'maxQueue' | 'stricterFifo'>,
  poolSize: number,
): Pick<HostAssignment, 'maxQueue' | 'stricterFifo'> {
  return { maxQueue: maxQueue === 'auto' ? poolSize ** 2 : maxQueue, stricterFifo };
}
