import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { removeCgroup } from '../../workers/clear-up.ts';
import { platformOf } from '../../workers/platform.ts';
import { textOf } from '../../workers/system-files.ts';
import { LanewiseError, invalid } from '../model/errors.ts';
import { notifyGuard } from '../system/guard.ts';
import { emulate, type ProcessGroup, type SmallMachine } from '../system/inherited.ts';
import { allowedCpus, findCgroups, killsIn, memoryLimit, type Cgroup, type Cgroups } from './cgroup.ts';

/** A host with its lanes needs 50 MiB and more. */
const LEAST_MIB = 64;
const BYTES_PER_MIB = 2 ** 20;
/** The kernel's own default. */
const PERIOD_US = 100_000;

const OTHERWISE =
  'Or run Lanewise in a container, where all that is alive at once shares the limits: docker run --cpus 2 --memory 2g.';

/**
 * Makes this machine smaller for everything that is measured, as a container would: whole CPUs by affinity, a part of
 * one by a cgroup that all configurations share, and the memory by one for each, since each stands for a program of its
 * own. Linux only.
 *
 * @returns undoes it
 * @throws LanewiseError where that is impossible
 */
export function makeSmaller(asked: SmallMachine['asked']): () => void {
  const { cpus } = asked;
  if (!platformOf().isLinux) throw new LanewiseError('usage', `--cpus and --memory need Linux. ${OTHERWISE}`);
  const allowed = allowedCpus() ?? [];
  if (cpus !== null && cpus > allowed.length)
    throw invalid('--cpus', cpus, `at most ${allowed.length}, the CPUs that Lanewise may use here`);
  const groups = createGroups(asked);
  if (cpus !== null) pin(allowed.slice(0, Math.ceil(cpus)));
  // Refused now rather than with the first host.
  groups.open()?.close();
  emulate({ asked, openGroup: groups.open });
  return () => {
    emulate(undefined);
    groups.end();
    if (cpus !== null) pin(allowed);
  };
}

/** Binds this process, with all of its threads: everything that it starts inherits that. */
function pin(cpus: readonly number[]): void {
  const { status } = spawnSync('taskset', ['-a', '-p', '-c', cpus.join(','), String(process.pid)], { stdio: 'ignore' });
  if (status === 0) return;
  throw new LanewiseError('usage', `--cpus needs the program taskset, of the package util-linux. ${OTHERWISE}`);
}

interface Groups {
  readonly open: SmallMachine['openGroup'];
  /** Removes what is left. */
  readonly end: () => void;
}

type Controller = 'cpu' | 'memory';

/**
 * All configurations share a part of a CPU, since they take turns; the memory is limited for each, since several are
 * alive at once.
 *
 * @param root folder of the system's files
 * @throws LanewiseError for a limit beyond that of this process
 */
export function createGroups({ cpus, memory }: SmallMachine['asked'], root = ''): Groups {
  const found = findCgroups(root);
  const most = Math.floor((memoryLimit(found) ?? Infinity) / BYTES_PER_MIB);
  if (memory !== null && (memory < LEAST_MIB || memory > most)) {
    const range = Number.isFinite(most)
      ? `from ${LEAST_MIB}MiB to ${most}MiB, the limit here`
      : `${LEAST_MIB}MiB or more`;
    throw invalid('--memory', `${memory}MiB`, range);
  }
  // With whole CPUs no configuration has to wait for its next period.
  const part = cpus === null || Number.isInteger(cpus) ? undefined : cpus;
  const run = `lanewise-${process.pid}`;
  let shared: Cgroup | undefined;
  /** Their last processes were still ending. */
  const busy = new Set<string>();
  let made = 0;

  function openShared(granted: number): Cgroup {
    const parent = parentFor(memory === null ? ['cpu'] : ['cpu', 'memory'], found);
    return makeGroup(parent, run, (group) => {
      limitCpu(group, granted);
      if (memory !== null && group.version === 2) writeFileSync(`${group.folder}/cgroup.subtree_control`, '+memory');
    });
  }

  function openOwn(bytes: number): Cgroup {
    // In version 1 every controller has a tree of its own.
    const parent = shared?.version === 2 ? shared : parentFor(['memory'], found);
    return makeGroup(parent, `${run}-${made++}`, (group) => limitMemory(group, bytes));
  }

  function open(): ProcessGroup | undefined {
    for (const folder of busy) if (removed(folder, 1)) busy.delete(folder);
    if (part !== undefined) shared ??= openShared(part);
    const own = memory === null ? undefined : openOwn(memory * BYTES_PER_MIB);
    const entered = [own, ...(own?.version === 2 ? [] : [shared])].filter((group) => group !== undefined);
    if (entered.length === 0) return undefined;
    const kills = (): number => (own === undefined ? 0 : killsIn(`${own.folder}/${own.kills}`));
    /** Undefined: it is still there to be asked. */
    let killed: number | undefined;
    return {
      folders: entered.map(({ folder }) => folder),
      whyKilled: () =>
        (killed ?? kills()) === 0 ? undefined : `it needed more than --memory ${memory}MiB and the kernel killed it`,
      close: () => {
        killed = kills();
        if (own !== undefined && !removed(own.folder, 1)) busy.add(own.folder);
      },
    };
  }

  return {
    open,
    end: () => {
      for (const folder of [...busy, ...(shared === undefined ? [] : [shared.folder])]) removed(folder);
    },
  };
}

/** The nearest group that can hold some which these controllers limit. */
function parentFor(controllers: readonly Controller[], found: Cgroups): Cgroup {
  const [first = 'cpu'] = controllers;
  const parent =
    found[first].findLast(({ version, folder }) => version === 1 && existsSync(`${folder}/cgroup.procs`)) ??
    found[first].findLast(
      ({ version, folder }) => version === 2 && controllers.every((one) => handedDown(folder).includes(one)),
    );
  if (parent === undefined) throw impossible();
  return parent;
}

function makeGroup(parent: Cgroup, name: string, limit: (group: Cgroup) => void): Cgroup {
  const group = { ...parent, folder: `${parent.folder}/${name}` };
  try {
    notifyGuard({ kind: 'grouped', cgroup: group.folder });
    mkdirSync(group.folder);
    limit(group);
  } catch (cause) {
    removed(group.folder, 1);
    throw impossible(cause);
  }
  return group;
}

/** @returns whether it could be */
function removed(folder: string, tries?: number): boolean {
  const isRemoved = removeCgroup(folder, tries);
  if (isRemoved) notifyGuard({ kind: 'ungrouped', cgroup: folder });
  return isRemoved;
}

/** Controllers for the groups in one of version 2: none while processes are in it. */
function handedDown(folder: string): readonly string[] {
  return textOf(`${folder}/cgroup.subtree_control`).trim().split(' ');
}

function limitCpu({ folder, version }: Cgroup, cpus: number): void {
  const grantedUs = Math.round(cpus * PERIOD_US);
  if (version === 2) return writeFileSync(`${folder}/cpu.max`, `${grantedUs} ${PERIOD_US}`);
  writeFileSync(`${folder}/cpu.cfs_period_us`, String(PERIOD_US));
  writeFileSync(`${folder}/cpu.cfs_quota_us`, String(grantedUs));
}

function limitMemory({ folder, memoryLimit: file, version, swapLimit }: Cgroup, bytes: number): void {
  writeFileSync(`${folder}/${file}`, String(Math.round(bytes)));
  // Swapping would hide the limit behind slowness. Not every kernel counts it; version 1 counts it with the memory.
  if (existsSync(`${folder}/${swapLimit}`))
    writeFileSync(`${folder}/${swapLimit}`, String(version === 1 ? Math.round(bytes) : 0));
}

function impossible(cause?: unknown): LanewiseError {
  const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  const sentence = `--memory and a part of a CPU need cgroups, and none can be made here${why}: that takes root, or a group that was delegated.`;
  return new LanewiseError('usage', `${sentence} ${OTHERWISE}`, { cause });
}
