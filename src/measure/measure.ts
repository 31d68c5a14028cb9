import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Services } from '../../workers/contract.ts';
import type { Group, Plan, Timeline, Warning } from '../model.ts';
import { newCellLog, type CellLog } from './cell-log.ts';
import { EqualWork, UnequalWorkError } from './equal-work.ts';
import { measureBlock } from './measure-block.ts';
import type { Observer } from './observer.ts';
import { openServices } from './services.ts';

/** What was measured of one group, before anything is concluded from it. */
export interface MeasuredGroup {
  readonly group: Group;
  readonly cells: readonly CellLog[];
  /** The digests of a batch, the same in every cell; undefined if no batch was finished. */
  readonly digests: readonly string[] | undefined;
  readonly timelines: readonly Timeline[];
  readonly warnings: readonly Warning[];
}

export interface Measured {
  readonly complete: boolean;
  readonly groups: readonly MeasuredGroup[];
}

/** Carries out the plan: groups one after the other, each block by block. Leaves no process and no file behind. */
export async function measure(plan: Plan, observer: Observer): Promise<Measured> {
  const scratch = await mkdtemp(join(tmpdir(), 'lanewise-'));
  const needed = new Set(plan.groups.flatMap(({ workload }) => workload.services));
  try {
    const { services, close } = await openServices(needed);
    try {
      const groups: MeasuredGroup[] = [];
      for (const group of plan.groups) groups.push(await measureGroup({ plan, group, services, scratch, observer }));
      return { groups, complete: !observer.signal.aborted };
    } finally {
      await close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface GroupTask {
  readonly plan: Plan;
  readonly group: Group;
  readonly services: Services;
  /** The hosts' temporary folder: what a task leaves there goes with the run. */
  readonly scratch: string;
  readonly observer: Observer;
}

async function measureGroup({ plan, group, services, scratch, observer }: GroupTask): Promise<MeasuredGroup> {
  const logs = new Map(group.cells.map((cell) => [cell.id, newCellLog(cell)]));
  const equalWork = new EqualWork();
  const timelines: Timeline[] = [];
  const warnings: Warning[] = [];
  const env = hostEnvironment(scratch, plan.options.uvThreads);
  try {
    for (const [index, block] of group.blocks.entries()) {
      if (observer.signal.aborted) break;
      const withTimelines = index === group.blocks.length - 1;
      const found = await measureBlock({ plan, group, block, index, services, env, logs, equalWork, observer, withTimelines });
      timelines.push(...found.timelines);
      warnings.push(...found.warnings);
      observer.blockDone(group.workload.name, index + 1, group.blocks.length);
    }
  } catch (thrown) {
    if (!(thrown instanceof UnequalWorkError)) throw thrown;
    // Which of them is right cannot be known, so nothing of this work can be compared.
    const { name, message, task } = thrown;
    for (const log of logs.values()) log.error ??= { name, message, task };
    warnings.push({ kind: 'unequal-work', workload: group.workload.name, cells: [...thrown.cells], task });
  }
  return { group, cells: [...logs.values()], digests: equalWork.digests, timelines, warnings: distinct(warnings) };
}

function hostEnvironment(scratch: string, uvThreads: number | null): Readonly<Record<string, string>> {
  const temporary = { TMPDIR: scratch, TMP: scratch, TEMP: scratch };
  // libuv reads it when its process starts and never again.
  return uvThreads === null ? temporary : { ...temporary, UV_THREADPOOL_SIZE: String(uvThreads) };
}

function distinct(warnings: readonly Warning[]): readonly Warning[] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}
