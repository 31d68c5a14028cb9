import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { removeCgroup } from '../../workers/clear-up.ts';
import { platformOf } from '../../workers/platform.ts';
import { textOf } from '../../workers/system-files.ts';
import { LanewiseError, invalid } from '../model/errors.ts';
import { partOfCpu } from '../model/results.ts';
import { entering } from '../system/forked-child.ts';
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
 * one and the memory by a cgroup for each configuration. Linux only.
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
  try {
    // Refused now rather than with the first host.
    tryOut(groups);
    if (cpus !== null) pin(allowed.slice(0, Math.ceil(cpus)));
  } catch (thrown) {
    groups.end();
    throw thrown;
  }
  emulate({ asked, openGroup: groups.open });
  return () => {
    emulate(undefined);
    groups.end();
    if (cpus !== null) pin(allowed);
  };
}

/** Groups may be made where none may be entered. */
function tryOut({ open }: Groups): void {
  const group = open();
  if (group === undefined) return;
  const { status } = spawnSync(...entering(group.folders, '/bin/sh', ['-c', ':']), { stdio: 'ignore' });
  group.close();
  if (status !== 0) throw impossible();
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
 * Each configuration stands for a program of its own, so each has the limits for itself.
 *
 * @param root folder of the system's files
 * @throws LanewiseError for a limit beyond that of this process
 */
export function createGroups(asked: SmallMachine['asked'], root = ''): Groups {
  const { memory } = asked;
  // With whole CPUs no configuration has to wait for its next period.
  const part = partOfCpu(asked);
  const found = findCgroups(root);
  const most = Math.floor((memoryLimit(found) ?? Infinity) / BYTES_PER_MIB);
  if (memory !== null && (memory < LEAST_MIB || memory > most)) {
    const range = Number.isFinite(most)
      ? `from ${LEAST_MIB}MiB to ${most}MiB, the limit here`
      : `${LEAST_MIB}MiB or more`;
    throw invalid('--memory', `${memory}MiB`, range);
  }
  const limits: readonly Limit[] = [
    ...(part === undefined ? [] : [{ controller: 'cpu', set: (group: Cgroup) => limitCpu(group, part) } as const]),
    ...(memory === null
      ? []
      : [{ controller: 'memory', set: (group: Cgroup) => limitMemory(group, memory * BYTES_PER_MIB) } as const]),
  ];
  // Processes in other namespaces may have the same ids, and the same groups above them.
  const run = `lanewise-${randomBytes(6).toString('hex')}`;
  const made = new Set<string>();
  /** Those of processes that have ended, whose last children may still be ending. */
  const done = new Set<string>();
  let count = 0;

  function open(): ProcessGroup | undefined {
    for (const folder of done) remove(folder, 1);
    const name = `${run}-${count++}`;
    const parents = parentsFor(limits, found);
    const groups = parents.map((parent) => ({ ...parent, folder: `${parent.folder}/${name}` }));
    const folders = [...new Set(groups.map(({ folder }) => folder))];
    if (folders.length === 0) return undefined;
    try {
      for (const folder of folders) make(folder);
      for (const [index, group] of groups.entries()) limits[index]?.set(group);
    } catch (cause) {
      throw impossible(cause);
    }
    const kills = (): number => groups.reduce((sum, { folder, kills: file }) => sum + killsIn(`${folder}/${file}`), 0);
    /** Undefined: it is still there to be asked. */
    let killed: number | undefined;
    return {
      folders,
      ...(memory !== null && {
        whyKilled: () =>
          (killed ?? kills()) === 0 ? undefined : `it needed more than --memory ${memory}MiB and the kernel killed it`,
      }),
      close: () => {
        killed = kills();
        for (const folder of folders) {
          done.add(folder);
          remove(folder, 1);
        }
      },
    };
  }

  function make(folder: string): void {
    notifyGuard({ kind: 'grouped', cgroup: folder });
    made.add(folder);
    mkdirSync(folder);
  }

  function remove(folder: string, tries?: number): void {
    if (!removeCgroup(folder, tries)) return;
    made.delete(folder);
    done.delete(folder);
    notifyGuard({ kind: 'ungrouped', cgroup: folder });
  }

  return {
    open,
    end: () => {
      for (const folder of made) remove(folder);
    },
  };
}

interface Limit {
  readonly controller: Controller;
  readonly set: (group: Cgroup) => void;
}

/** The nearest group for each limit: in version 1 every controller has a tree of its own, in version 2 all have one. */
function parentsFor(limits: readonly Limit[], found: Cgroups): readonly Cgroup[] {
  const controllers = limits.map(({ controller }) => controller);
  return controllers.map((controller) => {
    const parent =
      found[controller].findLast(({ version, folder }) => version === 1 && existsSync(`${folder}/cgroup.procs`)) ??
      found[controller].findLast(
        ({ version, folder }) => version === 2 && controllers.every((one) => handedDown(folder).includes(one)),
      );
    if (parent === undefined) throw impossible();
    return parent;
  });
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
  const sentence = `--memory and a part of a CPU need cgroups, which cannot be made or entered here${why}: that takes root, or a group that was delegated.`;
  return new LanewiseError('usage', `${sentence} ${OTHERWISE}`, { cause });
}
