import { commandTimes, type CommandTimes } from './commands.ts';
import type { Usage } from './contract.ts';

const US_PER_MS = 1000;

/** Of lanes that are no processes of their own: what they use is in the usage of the process they are in. */
export const NO_USAGE: Usage = {
  cpuMs: 0,
  systemMs: 0,
  contextSwitches: { voluntary: 0, involuntary: 0 },
  commandsMs: 0,
};

/** What a process in which tasks run has used since it started: all of its threads, those that have ended included, and the programs that its tasks started. */
export function usageOfThisProcess(): Usage {
  return withCommands(ownUsage(), commandTimes());
}

/** Of the process alone: read at once, where the programs take a moment. */
export function ownUsage(): Usage {
  const { userCPUTime, systemCPUTime, voluntaryContextSwitches, involuntaryContextSwitches } = resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / US_PER_MS;
  const systemMs = systemCPUTime / US_PER_MS;
  // libuv reports 0 on Windows, which does not count them.
  if (process.platform === 'win32') return { cpuMs, systemMs };
  return {
    cpuMs,
    systemMs,
    contextSwitches: { voluntary: voluntaryContextSwitches, involuntary: involuntaryContextSwitches },
  };
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

/** What was used from one reading to a later one. */
export function usageSince(before: Usage, after: Usage): Usage {
  const { commandsMs, ...used } = combined(after, -1, before);
  // A program that was left behind by what started it is lost from sight, and with it what it had used before.
  const lostMs = Math.max(0, -(commandsMs ?? 0));
  return {
    ...used,
    cpuMs: used.cpuMs + lostMs,
    systemMs: Math.max(0, used.systemMs),
    ...(commandsMs !== undefined && { commandsMs: Math.max(0, commandsMs) }),
  };
}

/** Of what the system does not count in one of them, nothing is known of both. */
function combined(one: Usage, sign: 1 | -1, other: Usage): Usage {
  const [switches, otherSwitches] = [one.contextSwitches, other.contextSwitches];
  return {
    cpuMs: one.cpuMs + sign * other.cpuMs,
    systemMs: one.systemMs + sign * other.systemMs,
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
