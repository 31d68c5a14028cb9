import { commandTimes, type CommandTimes } from './commands.ts';
import { NS_PER_MS } from './clock.ts';
import type { Usage } from './contract.ts';
import { platformOf } from './platform.ts';
import { textOf } from './system-files.ts';

const US_PER_MS = 1000;

/** For lanes that are not processes: their usage is part of the usage of the host. */
export const NO_USAGE: Usage = {
  cpuMs: 0,
  systemMs: 0,
  contextSwitches: { voluntary: 0, involuntary: 0 },
  commandsMs: 0,
};

/** Usage of this process since its start, with all threads, even ended ones, and the programs that its tasks start. */
export function usageOfThisProcess(): Usage {
  return withCommands(ownUsage(), commandTimes());
}

/** Usage of this process alone, which is faster to read than that of programs. */
export function ownUsage(): Usage {
  const { userCPUTime, systemCPUTime, voluntaryContextSwitches, involuntaryContextSwitches } = resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / US_PER_MS;
  const systemMs = systemCPUTime / US_PER_MS;
  if (!platformOf().countsContextSwitches) return { cpuMs, systemMs };
  return {
    cpuMs,
    systemMs,
    contextSwitches: { voluntary: voluntaryContextSwitches, involuntary: involuntaryContextSwitches },
  };
}

/** CPU time of the calling thread alone, ms; undefined where it is not counted: neither on Linux nor by Node 22. */
export function threadCpuMs(): number | undefined {
  if (threadCpuUsage !== undefined) {
    const { user, system } = threadCpuUsage();
    return (user + system) / US_PER_MS;
  }
  const [cpuNs = ''] = textOf('/proc/thread-self/schedstat').split(' ');
  return cpuNs === '' ? undefined : Number(cpuNs) / NS_PER_MS;
}

/** @param commands undefined where the system does not count them */
export function withCommands(usage: Usage, commands: CommandTimes | undefined): Usage {
  if (commands === undefined) return usage;
  return {
    ...usage,
    cpuMs: usage.cpuMs + commands.cpuMs,
    systemMs: usage.systemMs + commands.systemMs,
    commandsMs: commands.cpuMs,
  };
}

export function sumUsage(usages: readonly Usage[]): Usage {
  return usages.reduce((sum, usage) => combined(sum, 1, usage), NO_USAGE);
}

/** Usage between two readings. */
export function usageSince(before: Usage, after: Usage): Usage {
  const { commandsMs, ...used } = combined(after, -1, before);
  // An orphaned program is no longer found, and its earlier usage is missing from the later reading.
  const lostMs = Math.max(0, -(commandsMs ?? 0));
  return {
    ...used,
    cpuMs: used.cpuMs + lostMs,
    systemMs: Math.max(0, used.systemMs),
    ...(commandsMs !== undefined && { commandsMs: Math.max(0, commandsMs) }),
  };
}

/** Adds or subtracts; a field that is absent in one of them is absent in the result. */
function combined(one: Usage, sign: 1 | -1, other: Usage): Usage {
  const [switches, otherSwitches] = [one.contextSwitches, other.contextSwitches];
  return {
    cpuMs: one.cpuMs + sign * other.cpuMs,
    systemMs: one.systemMs + sign * other.systemMs,
    ...((one.elsewhereMs !== undefined || other.elsewhereMs !== undefined) && {
      elsewhereMs: (one.elsewhereMs ?? 0) + sign * (other.elsewhereMs ?? 0),
    }),
    ...(switches !== undefined &&
      otherSwitches !== undefined && {
        contextSwitches: {
          voluntary: switches.voluntary + sign * otherSwitches.voluntary,
          involuntary: switches.involuntary + sign * otherSwitches.involuntary,
        },
      }),
    ...(one.commandsMs !== undefined &&
      other.commandsMs !== undefined && { commandsMs: one.commandsMs + sign * other.commandsMs }),
  };
}

// Taken before a workload can replace it.
const resourceUsage = process.resourceUsage.bind(process);
const { threadCpuUsage }: NodeJS.Process & { readonly threadCpuUsage?: () => NodeJS.CpuUsage } = process;
