import type { Bound, Params } from '../../workers/contract.ts';
import type { HostAssignment } from '../host/host-protocol.ts';
import type { Reading } from '../model/measured.ts';
import type { Runtime, Workload } from '../model/plan.ts';
import type { Options } from '../model/results.ts';
import { HostError, hostOptions, startHost } from './host.ts';
import { openHostEnvironment } from './scratch.ts';
import { openServices } from './worker-process.ts';

/** Enough to see whether tasks wait beside each other, and few enough to cost a moment only. */
const PROBED_TASKS = 4;
/** Work that takes longer is not waited for twice. */
const PROBE_TIMEOUT_MS = 10_000;
/** From here on most of the time is computing; below the other one most of it is waiting. */
const CPU_BOUND = 0.6;
const IO_BOUND = 0.25;

export interface Probed {
  readonly workload: Pick<Workload, 'name' | 'ref' | 'tasks' | 'inputs' | 'hostLoadsIt' | 'services'>;
  readonly params: Params;
}

export interface ProbeSettings {
  readonly options: Options;
  readonly seed: number;
  readonly runtime: Runtime | undefined;
}

/**
 * What work is bound by, where its module does not say: a few tasks on an event loop, in a host of their own, by the CPU time that they
 * take. In the order of the workloads; undefined where a task fails or takes too long, which the run itself will tell.
 */
export async function probeKinds(
  workloads: readonly Probed[],
  settings: ProbeSettings,
): Promise<readonly (Bound | undefined)[]> {
  if (workloads.length === 0) return [];
  const hosts = await openHostEnvironment();
  try {
    const { services, close } = await openServices(new Set(workloads.flatMap(({ workload }) => workload.services)));
    try {
      const kinds: (Bound | undefined)[] = [];
      for (const probed of workloads)
        kinds.push(await probe(assignmentOf(probed, services, settings), hosts.env, settings));
      return kinds;
    } finally {
      await close();
    }
  } finally {
    hosts.close();
  }
}

function assignmentOf(
  { workload, params }: Probed,
  services: HostAssignment['lane']['services'],
  { seed }: ProbeSettings,
): HostAssignment {
  const tasks = Math.min(PROBED_TASKS, workload.tasks);
  return {
    lane: { workload: workload.ref, params, services, cell: `${workload.name}/event-loop`, inFlight: tasks },
    strategy: 'event-loop',
    poolSize: 1,
    atomics: 'sync',
    tasks,
    loadsWorkload: workload.hostLoadsIt,
    verify: 'off',
    ...(workload.inputs !== undefined && { inputs: workload.inputs }),
    seed,
    rounds: 1,
  };
}

async function probe(
  assignment: HostAssignment,
  env: Readonly<Record<string, string>>,
  { options, runtime }: ProbeSettings,
): Promise<Bound | undefined> {
  const timeoutMs = Math.min(options.timeoutMs, PROBE_TIMEOUT_MS);
  try {
    const host = await startHost(
      hostOptions({ ...options, timeoutMs }, { env, execPath: runtime?.execPath, execArgv: runtime?.flags ?? [] }),
    );
    try {
      await host.open(assignment);
      await host.warm(1);
      return kindOf((await host.measure()).reading);
    } finally {
      await host.kill();
    }
  } catch (thrown) {
    if (thrown instanceof HostError) return undefined;
    throw thrown;
  }
}

/**
 * A loop that is held all the time without the CPU is one that others have taken it from, or that waits without letting go. Where the CPU was
 * taken more often than it was given up, it is not known how much more of it would have been used.
 */
export function kindOf({
  cpuMs,
  wallMs,
  loopDelayMs,
  contextSwitches,
}: Pick<Reading, 'cpuMs' | 'wallMs' | 'loopDelayMs' | 'contextSwitches'>): Bound {
  const busy = cpuMs / wallMs;
  const isHeld = loopDelayMs.max > wallMs / 2;
  if (busy >= CPU_BOUND || (busy >= IO_BOUND && isHeld)) return 'cpu';
  const isTaken = contextSwitches !== null && contextSwitches.involuntary > contextSwitches.voluntary;
  return busy < IO_BOUND && !isTaken ? 'io' : 'mixed';
}
