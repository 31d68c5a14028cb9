/** Measures the consequence of every fault in every strategy, and names it in a word or two. */
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '../../src/measure/environment.ts';
import { follow } from '../../src/measure/events.ts';
import { findWorkloads } from '../../src/measure/find-modules.ts';
import { measure } from '../../src/measure/measure.ts';
import type { BegunGroup, CellLog, StoppingRules, MeasuredGroup } from '../../src/model/measured.ts';
import type { Plan, Runtime } from '../../src/model/plan.ts';
import type { StrategyName } from '../../src/model/results.ts';
import { byName } from '../../src/model/asked-strategy.ts';
import { nameStrategies, resolveRequest } from '../../src/plan/resolve.ts';
import { planRun } from '../../src/plan/plan.ts';
import { QUEUE_STRATEGY_NAMES, STRATEGY_NAMES } from '../../src/model/strategies.ts';
import { laneKindName } from '../../workers/contract.ts';
import { FAULTY_TASK, type FaultName } from './faults.ts';

/** Strategies of the table: also one that needs a server, which must be installed. */
export const FAULT_STRATEGIES = [...STRATEGY_NAMES, ...QUEUE_STRATEGY_NAMES] as const;

export const FAULTS_FILE = fileURLToPath(new URL('faults.js', import.meta.url));

interface FaultSize {
  /** Size of large outputs. */
  readonly mib: number;
  /** Calibrates first, as every run does; without, it takes half the time. */
  readonly isCalibrated: boolean;
  /** Default: those of the table. */
  readonly strategies?: readonly StrategyName[];
  /** Kind of the servers of queues; default: the first that is installed. */
  readonly queueServer?: 'postgres';
  /** Default: this one. */
  readonly runtimes?: readonly Runtime[];
}

/** Blocks of faults that do not show in the first. */
const BLOCKS: Readonly<Partial<Record<FaultName, number>>> = { 'fails in the third block': 4 };
/** Timeouts of faults that hang; all others get the time that a busy machine needs. */
const TIMEOUTS_MS: Readonly<Partial<Record<FaultName, number>>> = {
  // A thread without a pool ends by itself, and needs the time for it.
  'never settles': 1500,
  'loops for ever': 800,
  'blocks in native code': 800,
  'floods the descriptors around it': 800,
  // A queue keeps it as text: 16 s a batch.
  'returns a large buffer': 180_000,
};

/** How often a limit that was too short for the machine is made longer, and by how much. */
const LONGER_LIMITS = 2;
const LONGER = 4;

/** Measures the fault in every strategy, beside a second event loop in which the same workload behaves. */
export async function measureFault(fault: FaultName, size: FaultSize): Promise<MeasuredGroup> {
  const timeoutMs = TIMEOUTS_MS[fault] ?? 60_000;
  let group = await measureWithin(fault, timeoutMs, size);
  for (let longer = 1; longer <= LONGER_LIMITS && group.cells.some(isLateElsewhere); longer += 1)
    group = await measureWithin(fault, timeoutMs * LONGER ** longer, size);
  return group;
}

/** On a busy machine, the process of a task that does nothing may not even start within a limit for those that hang. */
function isLateElsewhere({ error }: CellLog): boolean {
  return error?.name === 'TimeoutError' && error.task !== undefined && error.task !== FAULTY_TASK;
}

async function measureWithin(
  fault: FaultName,
  timeoutMs: number,
  { mib, isCalibrated, strategies = FAULT_STRATEGIES, queueServer, runtimes = [] }: FaultSize,
): Promise<MeasuredGroup> {
  const plan = await planOf(fault, timeoutMs, { mib, strategies, queueServer, runtimes });
  const rules: StoppingRules = {
    decided: () => [],
    dropped: () => new Map(),
    confirmed: (group) => group,
    hitBlocks: () => [],
  };
  const { groups } = await follow(
    measure(plan, { rules, signal: new AbortController().signal, begun: isCalibrated ? [] : [uncalibrated(plan)] }),
  );
  const [group] = groups;
  if (group === undefined) throw new Error('nothing was measured');
  return group;
}

/** Group as if another process had calibrated it, without any measured block. */
function uncalibrated({ groups: [group] }: Plan): BegunGroup {
  return {
    tasks: group?.workload.tasks ?? 1,
    preparingMs: 1,
    blocks: 0,
    cells: [],
    reference: null,
    hit: [],
    noise: [],
    discarded: [],
    upperBounds: [],
    // Pretends that there is a timeline, so that none is recorded.
    timelines: [{ cell: group?.baseline ?? '', slices: [] }],
    warnings: [],
    leftBehind: 0,
    isDone: false,
    samples: new Map(),
  };
}

/** Plan as of `lanewise run`, with fewer blocks: no verdict is needed. */
async function planOf(
  fault: FaultName,
  timeoutMs: number,
  {
    mib,
    strategies,
    queueServer,
    runtimes,
  }: Required<Pick<FaultSize, 'mib' | 'strategies' | 'runtimes'>> & {
    queueServer: FaultSize['queueServer'] | undefined;
  },
): Promise<Plan> {
  const environment = readEnvironment();
  const asked = resolveRequest(
    {
      strategies: byName(...strategies, 'event-loop'),
      poolSizes: [2],
      params: { fault: [fault], mib: [mib] },
      tasks: 2,
      preset: 'quick',
      rounds: 1,
      timeoutMs,
      upperBoundLanes: [],
    },
    environment,
  );
  const request = nameStrategies(asked, []);
  const plan = planRun(await findWorkloads([{ kind: 'file', path: FAULTS_FILE }]), request, 1, {
    ...environment,
    runtimes,
    ownStrategies: [],
    ...(queueServer !== undefined && { queue: { kind: queueServer } }),
  });
  return {
    ...plan,
    groups: plan.groups.map((group) => ({ ...group, blocks: group.blocks.slice(0, BLOCKS[fault] ?? 1) })),
  };
}

/** Word for a cell: `measured`, or why it failed, with the task and the kind of worker if known. */
export function outcomeOf({ error }: CellLog): string {
  if (error === undefined) return 'measured';
  const task = error.task === undefined ? [] : [`task ${error.task + 1}`];
  const lane = error.lane === undefined ? [] : [laneKindName(error.lane.kind)];
  return [reasonOf(error), ...task, ...lane].join(', ');
}

function reasonOf({ name, message }: { readonly name: string; readonly message: string }): string {
  if (/heap out of memory/.test(message)) return 'out of memory';
  switch (name) {
    case 'TimeoutError':
      return 'too late';
    case 'DataCloneError':
      return 'not cloneable';
    case 'UnequalWorkError':
      return 'unequal results';
    case 'ProcessEnded':
    case 'ThreadEnded':
      return /exit code \d+|signal \w+/.exec(message)?.[0] ?? name;
    case 'Thrown':
      return message.startsWith('a value was thrown') ? 'unreadable' : (/^(.+) was thrown/.exec(message)?.[1] ?? name);
    default:
      return /\(uncaught: /.test(message) ? `uncaught ${name}` : name;
  }
}

/** Heads of a table with one row for each fault. */
export const FAULT_HEADS: readonly string[] = ['a task that …', ...FAULT_STRATEGIES];
