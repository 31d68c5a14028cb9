import type { Services } from '../../workers/contract.ts';
import { killMarked, MARK } from '../../workers/left-behind.ts';
import type { BegunGroup, GroupSnapshot, Judge, Measured, MeasuredGroup } from '../model/measured.ts';
import type { Group, Plan } from '../model/plan.ts';
import { findCgroups } from './cgroup.ts';
import { newLogs, type GroupContext } from './contestants.ts';
import { EqualWork } from './equal-work.ts';
import { openHostEnvironment } from './host-environment.ts';
import { startHost } from './host.ts';
import { LeftBehind } from './left-behind.ts';
import { failAll, measureGroup, type GroupTask } from './measure-group.ts';
import { watchModules, type ModuleFile } from './module-file.ts';
import { createNoiseWatch } from './noise-watch.ts';
import type { Observer } from './observer.ts';
import { OwnCpu } from './own-cpu.ts';
import { openServices } from './services.ts';
import { tryOut, type TryOut } from './try-out.ts';
import { wasStarted } from './worker-process.ts';

/**
 * Carries out the plan: tries out every group, then measures one after the other, each block by block, or goes on with what
 * was begun. Leaves no process and no file behind.
 */
export async function measure(
  plan: Plan,
  judge: Judge,
  observer: Observer,
  begun: readonly BegunGroup[] = [],
): Promise<Measured> {
  const hosts = await openHostEnvironment();
  const ownCpu = new OwnCpu();
  const watchNoise = createNoiseWatch(await findCgroups());
  const needed = new Set(plan.groups.flatMap(({ workload }) => workload.services));
  try {
    const { services, close } = await openServices(needed);
    try {
      const { env } = hosts;
      const contexts = plan.groups.map((group, index) => contextOf(plan, group, services, env, observer, begun[index]));
      const tried = await tryOutAll(contexts, begun);
      observer.tried?.(
        tried.map(({ context, blockMs }, index) => ({
          group: context.group,
          blockMs,
          done: begun[index]?.blocks ?? 0,
        })),
      );
      const snapshots = tried.map(startOf);
      if (!observer.signal.aborted) observer.saved?.(snapshots);
      const groups: MeasuredGroup[] = [];
      for (const [index, { context, blockMs }] of tried.entries()) {
        const save: GroupTask['save'] = (progress) => {
          snapshots[index] = { tasks: context.group.workload.tasks, blockMs, ...progress };
          observer.saved?.(snapshots);
        };
        const task = { ...context, judge, ownCpu, watchNoise, save, ...beginning(begun[index]) };
        groups.push(await measureGroup(task));
      }
      return { groups, complete: groups.every(({ complete }) => complete), ownCpuShare: ownCpu.share };
    } finally {
      await close();
    }
  } finally {
    hosts.close();
  }
}

function beginning(begun: BegunGroup | undefined): Pick<GroupTask, 'begun'> {
  return begun === undefined ? {} : { begun };
}

/** Of a group that was tried out, and of one that was begun before. */
function startOf({ context, blockMs, begun }: Tried): GroupSnapshot {
  if (begun !== undefined) {
    const { samples: _samples, ...snapshot } = begun;
    return snapshot;
  }
  return {
    tasks: context.group.workload.tasks,
    blockMs,
    blocks: 0,
    cells: [...context.logs.values()].map(({ doubts, error }) => ({
      startupMs: [],
      memoryBytes: [],
      hostCopyBytes: [],
      doubts,
      error,
    })),
    reference: context.equalWork.reference,
    hit: [],
    noise: [],
    discarded: [],
    ceilings: context.group.ceilingLanes.map((lanes) => ({ lanes, samples: [] })),
    timelines: [],
    warnings: context.warnings,
    leftBehind: context.leftBehind.count,
    isDone: false,
  };
}

function contextOf(
  { options, seed, runtimes, ownStrategies }: Plan,
  group: Group,
  services: Services,
  env: Readonly<Record<string, string>>,
  observer: Observer,
  begun: BegunGroup | undefined,
): GroupContext {
  const logs = newLogs(group.cells, begun);
  return {
    group,
    options,
    seed,
    services,
    env,
    runtimes,
    ownStrategies,
    logs,
    warnings: [],
    equalWork: new EqualWork(begun?.reference),
    leftBehind: new LeftBehind(() => killMarked(env[MARK] ?? ''), wasStarted, begun?.leftBehind),
    observer,
    startHost,
    checkModules: watchModules(modulesOf(group, ownStrategies)),
  };
}

function modulesOf({ workload, newer }: Group, ownStrategies: Plan['ownStrategies']): readonly ModuleFile[] {
  const workloads = [workload, ...(newer === undefined ? [] : [newer])];
  return [
    ...workloads.map(({ ref: { url }, source }) => ({ url, source })),
    ...ownStrategies.map(({ ref: { url }, name }) => ({ url, source: `the strategy ${name}` })),
  ];
}

interface Tried extends Omit<TryOut, 'tasks'> {
  /** With the number of tasks that was found. */
  readonly context: GroupContext;
  readonly begun: BegunGroup | undefined;
}

/** All before the first is measured, so that it can be told at once how long the run will take. */
async function tryOutAll(
  contexts: readonly GroupContext[],
  begunGroups: readonly BegunGroup[],
): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const [index, context] of contexts.entries()) {
    const { group } = context;
    const begun = begunGroups[index];
    const { tasks, blockMs } =
      begun ?? (await failAll(context, () => tryOut(context), { tasks: group.workload.tasks, blockMs: 0 }));
    const sized: GroupContext = { ...context, group: { ...group, workload: { ...group.workload, tasks } } };
    tried.push({ context: sized, blockMs, begun });
  }
  return tried;
}
