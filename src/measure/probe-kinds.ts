import type { Bound, Params } from '../../workers/contract.ts';
import type { Reading } from '../model/measured.ts';
import type { Workload } from '../model/plan.ts';
import { assign, startHostOf, type GroupContext } from './contestants.ts';
import { HostError, startHost } from './host.ts';
import { openHostEnvironment, type HostEnvironment } from './scratch.ts';

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

type ProbeSettings = Pick<GroupContext, 'options' | 'seed' | 'runtimes'>;

/**
 * What work is bound by, where its module does not say: a few tasks on an event loop, in a host of their own, by the CPU time that they
 * take. In the order of the workloads; undefined where a task fails or takes too long, which the run itself will tell.
 */
export async function probeKinds(
  workloads: readonly Probed[],
  settings: ProbeSettings,
): Promise<readonly (Bound | undefined)[]> {
  if (workloads.length === 0) return [];
  const hosts = await openHostEnvironment(workloads.flatMap(({ workload }) => workload.services));
  try {
    const kinds: (Bound | undefined)[] = [];
    for (const probed of workloads) kinds.push(await probe(probed, hosts, settings));
    return kinds;
  } finally {
    await hosts.close();
  }
}

async function probe(
  { workload, params }: Probed,
  { services, env }: HostEnvironment,
  { options, seed, runtimes }: ProbeSettings,
): Promise<Bound | undefined> {
  const tasks = Math.min(PROBED_TASKS, workload.tasks);
  const cell = { id: `${workload.name}/event-loop`, strategy: 'event-loop', poolSize: 1, inFlight: 'all' } as const;
  const context = {
    group: { workload: { ...workload, tasks }, params, versions: [] },
    options: { ...options, timeoutMs: Math.min(options.timeoutMs, PROBE_TIMEOUT_MS), verify: 'off' },
    services,
    env,
    seed,
    runtimes,
    ownStrategies: [],
    startHost,
  } as const;
  try {
    const host = await startHostOf(context, cell);
    try {
      await host.open(assign(context, cell, 1));
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
