import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Services } from '../../workers/contract.ts';
import type { CellLog, Group, Measured, MeasuredGroup, Plan, PlannedCell, Timeline, Warning } from '../model.ts';
import { EqualWork, UnequalWorkError } from './equal-work.ts';
import { measureBlock } from './measure-block.ts';
import type { Observer } from './observer.ts';
import { OwnCpu } from './own-cpu.ts';
import { openServices } from './services.ts';

/** Carries out the plan: groups one after the other, each block by block. Leaves no process and no file behind. */
export async function measure(plan: Plan, observer: Observer): Promise<Measured> {
  const scratch = await mkdtemp(join(tmpdir(), 'lanewise-'));
  const removeAtExit = (): void => rmSync(scratch, { recursive: true, force: true });
  process.on('exit', removeAtExit);
  const ownCpu = new OwnCpu();
  const needed = new Set(plan.groups.flatMap(({ workload }) => workload.services));
  try {
    const { services, close } = await openServices(needed);
    try {
      const groups: MeasuredGroup[] = [];
      for (const group of plan.groups)
        groups.push(await measureGroup({ plan, group, services, scratch, observer, ownCpu }));
      return { groups, complete: groups.every(isComplete), ownCpuShare: ownCpu.share };
    } finally {
      await close();
    }
  } finally {
    process.off('exit', removeAtExit);
    // What was just killed may hold a file for a moment, on Windows above all; what cannot be removed is no reason to fail.
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);
  }
}

/** An interruption that comes after the last batch has cut nothing off. */
function isComplete({ group, cells }: MeasuredGroup): boolean {
  const batches = group.blocks.reduce((sum, block) => sum + block.length, 0);
  return cells.every(({ samples, error }) => error !== undefined || samples.length === batches);
}

interface GroupTask {
  readonly plan: Plan;
  readonly group: Group;
  readonly services: Services;
  /** The hosts' temporary folder: what a task leaves there goes with the run. */
  readonly scratch: string;
  readonly observer: Observer;
  readonly ownCpu: OwnCpu;
}

async function measureGroup({ plan, group, services, scratch, observer, ownCpu }: GroupTask): Promise<MeasuredGroup> {
  const logs = new Map(group.cells.map((cell) => [cell.id, newLog(cell)]));
  const equalWork = new EqualWork();
  const timelines: Timeline[] = [];
  const warnings: Warning[] = [];
  const env = hostEnvironment(scratch, plan.options.uvThreads);
  try {
    for (const [index, block] of group.blocks.entries()) {
      if (observer.signal.aborted) break;
      const withTimelines = index === group.blocks.length - 1;
      const found = await measureBlock({
        plan,
        group,
        block,
        index,
        services,
        env,
        logs,
        equalWork,
        observer,
        ownCpu,
        withTimelines,
      });
      timelines.push(...found.timelines);
      warnings.push(...found.warnings);
      const { name } = group.workload;
      observer.blockDone({
        group: name,
        done: index + 1,
        blocks: group.blocks.length,
        batches: block.length * group.cells.length,
      });
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

function newLog(cell: PlannedCell): CellLog {
  return { cell, startupMs: [], memoryBytes: [], samples: [], error: undefined };
}

function hostEnvironment(scratch: string, uvThreads: number | null): Readonly<Record<string, string>> {
  const temporary = { TMPDIR: scratch, TMP: scratch, TEMP: scratch };
  // libuv reads it when its process starts and never again.
  return uvThreads === null ? temporary : { ...temporary, UV_THREADPOOL_SIZE: String(uvThreads) };
}

function distinct(warnings: readonly Warning[]): readonly Warning[] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}
