import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Services } from '../../workers/contract.ts';
import type { Group, Judge, Measured, MeasuredGroup, Plan } from '../model.ts';
import { findCgroups } from './cgroup.ts';
import { newLogs, type GroupContext } from './contestants.ts';
import { EqualWork } from './equal-work.ts';
import { startHost } from './host.ts';
import { failAll, measureGroup } from './measure-group.ts';
import { createNoiseWatch } from './noise-watch.ts';
import type { Observer } from './observer.ts';
import { OwnCpu } from './own-cpu.ts';
import { openServices } from './services.ts';
import { tryOut, type TryOut } from './try-out.ts';

/**
 * Carries out the plan: tries out every group, then measures one after the other, each block by block. Leaves no process
 * and no file behind.
 */
export async function measure(plan: Plan, judge: Judge, observer: Observer): Promise<Measured> {
  const scratch = await mkdtemp(join(tmpdir(), 'lanewise-'));
  const removeAtExit = (): void => rmSync(scratch, { recursive: true, force: true });
  process.on('exit', removeAtExit);
  const ownCpu = new OwnCpu();
  const watchNoise = createNoiseWatch(await findCgroups());
  const needed = new Set(plan.groups.flatMap(({ workload }) => workload.services));
  try {
    const { services, close } = await openServices(needed);
    try {
      const env = hostEnvironment(scratch, plan.options.uvThreads);
      const contexts = plan.groups.map((group) => contextOf(plan, group, services, env, observer));
      const tried = await tryOutAll(contexts);
      observer.tried?.(tried.map(({ context, blockMs }) => ({ group: context.group, blockMs })));
      const groups: MeasuredGroup[] = [];
      for (const { context } of tried) groups.push(await measureGroup({ ...context, judge, ownCpu, watchNoise }));
      return { groups, complete: groups.every(({ complete }) => complete), ownCpuShare: ownCpu.share };
    } finally {
      await close();
    }
  } finally {
    process.off('exit', removeAtExit);
    // What was just killed may hold a file for a moment, on Windows above all; what cannot be removed is no reason to fail.
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  }
}

function contextOf(
  { options, seed }: Plan,
  group: Group,
  services: Services,
  env: Readonly<Record<string, string>>,
  observer: Observer,
): GroupContext {
  const logs = newLogs(group.cells);
  return { group, options, seed, services, env, logs, warnings: [], equalWork: new EqualWork(), observer, startHost };
}

function hostEnvironment(scratch: string, uvThreads: number | null): Readonly<Record<string, string>> {
  const temporary = { TMPDIR: scratch, TMP: scratch, TEMP: scratch };
  // libuv reads it when its process starts and never again.
  return uvThreads === null ? temporary : { ...temporary, UV_THREADPOOL_SIZE: String(uvThreads) };
}

interface Tried extends Omit<TryOut, 'tasks'> {
  readonly context: GroupContext;
}

/** All before the first is measured, so that it can be told at once how long the run will take. */
async function tryOutAll(contexts: readonly GroupContext[]): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const context of contexts) {
    const { group } = context;
    const { tasks, blockMs } = await failAll(context, () => tryOut(context), {
      tasks: group.workload.tasks,
      blockMs: 0,
    });
    tried.push({ context: { ...context, group: { ...group, workload: { ...group.workload, tasks } } }, blockMs });
  }
  return tried;
}
