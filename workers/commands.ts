/** CPU time of the programs that a workload starts. Only Linux reports it: libuv reads this process alone. */
import { namesIn, statOf, textOf } from './system-files.ts';

/** `/proc/PID/stat` counts in hundredths of a second on every Linux that Node runs on. */
const TICK_MS = 10;

export interface CommandTimes {
  readonly cpuMs: number;
  readonly systemMs: number;
}

export const NO_COMMANDS: CommandTimes = { cpuMs: 0, systemMs: 0 };

/**
 * Reads the CPU time of all descendants of this process. The system adds the time of a program that has ended to its
 * parent; a running one is read itself; an orphan is not found. Exact to one tick, and takes about 0.2 ms: never within
 * a timed window.
 *
 * @returns undefined where the system does not report it
 */
export function commandTimes(): CommandTimes | undefined {
  const own = ticksOf('self');
  if (own === undefined) return undefined;
  const times = [own.ended, ...childrenOf('self').flatMap(timesOfTree)];
  return {
    cpuMs: times.reduce((sum, { user, system }) => sum + (user + system) * TICK_MS, 0),
    systemMs: times.reduce((sum, { system }) => sum + system * TICK_MS, 0),
  };
}

/** Ids of the running programs that a process has started, and of those that they have. */
export function descendantsOf(pid: string): readonly string[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

interface Ticks {
  readonly user: number;
  readonly system: number;
}

function timesOfTree(pid: string): readonly Ticks[] {
  const ticks = ticksOf(pid);
  return ticks === undefined ? [] : [ticks.own, ticks.ended, ...childrenOf(pid).flatMap(timesOfTree)];
}

/** Undefined if the process has ended, or `/proc` does not exist. */
function ticksOf(pid: string): { readonly own: Ticks; readonly ended: Ticks } | undefined {
  const [user, system, endedUser, endedSystem] = statOf(pid).slice(11, 15).map(Number);
  if (user === undefined || system === undefined || endedUser === undefined || endedSystem === undefined)
    return undefined;
  return { own: { user, system }, ended: { user: endedUser, system: endedSystem } };
}

/** Each thread lists the children that it has started. */
function childrenOf(pid: string): readonly string[] {
  return namesIn(`/proc/${pid}/task`).flatMap((thread) =>
    textOf(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .filter((child) => child !== ''),
  );
}
