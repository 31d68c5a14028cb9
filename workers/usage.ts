import type { Usage } from './contract.ts';

const US_PER_MS = 1000;

/** Of lanes that are no processes of their own: what they use is in the usage of the process they are in. */
export const NO_USAGE: Usage = { cpuMs: 0, systemMs: 0, contextSwitches: { voluntary: 0, involuntary: 0 } };

/** What this process has used since it started: all of its threads, also those that have ended, and no children. */
export function usageOfThisProcess(): Usage {
  const { userCPUTime, systemCPUTime, voluntaryContextSwitches, involuntaryContextSwitches } = process.resourceUsage();
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

export function sumUsage(usages: readonly Usage[]): Usage {
  const cpuMs = usages.reduce((sum, usage) => sum + usage.cpuMs, 0);
  const systemMs = usages.reduce((sum, usage) => sum + usage.systemMs, 0);
  const switches = usages.map((usage) => usage.contextSwitches).filter((counts) => counts !== undefined);
  if (switches.length < usages.length) return { cpuMs, systemMs };
  return {
    cpuMs,
    systemMs,
    contextSwitches: {
      voluntary: switches.reduce((sum, counts) => sum + counts.voluntary, 0),
      involuntary: switches.reduce((sum, counts) => sum + counts.involuntary, 0),
    },
  };
}
