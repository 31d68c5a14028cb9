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
  const cpuMs = usages.reduce((sum, usage) => sum + usage.cpuMs, 0);
  const systemMs = usages.reduce((sum, usage) => sum + usage.systemMs, 0);
  const switches = usages.map((usage) => usage.contextSwitches).filter((counts) => counts !== undefined);
  const commands = usages.map((usage) => usage.commandsMs).filter((ms) => ms !== undefined);
  return {
    cpuMs,
    systemMs,
    ...(switches.length === usages.length && {
      contextSwitches: {
        voluntary: switches.reduce((sum, counts) => sum + counts.voluntary, 0),
        involuntary: switches.reduce((sum, counts) => sum + counts.involuntary, 0),
      },
    }),
    ...(commands.length === usages.length && { commandsMs: commands.reduce((sum, ms) => sum + ms, 0) }),
  };
}

/** What was used from one reading to a later one. */
export function usageSince(before: Usage, after: Usage): Usage {
  // A program that was left behind by what started it is lost from sight, and with it what it had used before.
  const commandsMs =
    after.commandsMs === undefined || before.commandsMs === undefined
      ? undefined
      : after.commandsMs - before.commandsMs;
  const lostMs = Math.max(0, -(commandsMs ?? 0));
  return {
    cpuMs: after.cpuMs - before.cpuMs + lostMs,
    systemMs: Math.max(0, after.systemMs - before.systemMs),
    ...(after.contextSwitches !== undefined &&
      before.contextSwitches !== undefined && {
        contextSwitches: {
          voluntary: after.contextSwitches.voluntary - before.contextSwitches.voluntary,
          involuntary: after.contextSwitches.involuntary - before.contextSwitches.involuntary,
        },
      }),
    ...(commandsMs !== undefined && { commandsMs: Math.max(0, commandsMs) }),
  };
}

// Taken before a workload can replace it.
const resourceUsage = process.resourceUsage.bind(process);
