import type { Diagnosis } from '../model/diagnosis.ts';
import { present } from './document.ts';
import { mebibytes, ms, percent, plural, ratio, threeDigits } from './numbers.ts';

/** Steal below this share is not worth a sentence. */
const STEAL_SHARE = 0.005;
/** Lanewise itself uses less between its batches. */
const TAKEN_CPUS = 0.5;
type Measured = Omit<Diagnosis, 'sentences'>;

/** Whether other programs take CPUs now. */
function areTaken({ environment: { cores: usable }, freeCpus }: Pick<Measured, 'environment' | 'freeCpus'>): boolean {
  return usable - (freeCpus ?? usable) > TAKEN_CPUS;
}

/** Conclusions from the figures for measuring on this machine. */
export function diagnosisSentences(diagnosis: Measured): readonly string[] {
  return present(
    cores(diagnosis),
    ...disturbances(diagnosis),
    ...noise(diagnosis),
    upperBound(diagnosis),
    startup(diagnosis),
    ...support(diagnosis),
  );
}

function cores({ environment }: Measured): string {
  const { cores: usable, availableParallelism, cpuQuota, physicalCores } = environment;
  const quota =
    cpuQuota === null ? '' : `; the CPU limit (cgroup) is ${ratio(cpuQuota)}, and pools that need more are throttled`;
  const claim = availableParallelism === usable ? '' : ` (availableParallelism() is ${availableParallelism})`;
  const physical = physicalCores ?? usable;
  const siblings =
    physical >= usable
      ? ''
      : ` They share ${plural(physical, 'physical core')}: two workers on one core are not twice as fast.`;
  return `CPU-bound work can use ${plural(usable, 'CPU')}${claim}${quota}.${siblings}`;
}

function disturbances({ environment, freeCpus }: Measured): readonly string[] {
  const { cores: usable, memoryLimitBytes } = environment;
  const governor = environment.governor ?? 'performance';
  // Unmeasured values give no sentence either.
  const [steal, throttledMs] = [environment.stealShare ?? 0, environment.throttledMs ?? 0];
  return present(
    steal > STEAL_SHARE && `Steal since boot: the hypervisor took ${percent(steal)} of the busy CPU time.`,
    throttledMs > 0 && `Throttling so far: ${threeDigits(throttledMs / 1000)} s spent waiting for CPU quota (cgroup).`,
    areTaken({ environment, freeCpus }) &&
      `Other programs left ${ratio(freeCpus ?? usable)} of ${plural(usable, 'CPU')} free, and measurements now share the CPUs with them.`,
    governor !== 'performance' && `CPU governor: "${governor}". The clock speed may change with the load.`,
    typeof memoryLimitBytes === 'number' &&
      `Memory limit (cgroup): ${mebibytes(memoryLimitBytes)}. Each configuration needs 50 to 150 MiB.`,
  );
}

function noise({ noise: floors }: Measured): readonly string[] {
  const presets = [...new Set(floors.map(({ preset }) => preset))];
  return presets.map((preset) => {
    const own = floors.filter((floor) => floor.preset === preset);
    const widest = Math.max(...own.map(({ halfWidthPct }) => halfWidthPct));
    return `Preset ${preset}: differences under ${threePlaces(widest)} cannot be detected here.`;
  });
}

/** One decimal below ten percent, none above. */
function threePlaces(percentage: number): string {
  return `${percentage < 10 ? percentage.toFixed(1) : percentage.toFixed(0)}%`;
}

function upperBound(measured: Measured): string | undefined {
  const { upperBound: points, environment } = measured;
  const most = points.at(-1);
  if (most === undefined) return undefined;
  if (most.lanes === 1)
    return environment.cores === 1 ? 'One CPU: no pool can speed up CPU-bound work here.' : undefined;
  const { estimate, lo, hi } = most.speedup;
  return `Upper bound: ${most.lanes} independent processes, no messaging, are ${ratio(estimate)}× as fast as one (95% CI ${ratio(lo)}–${ratio(hi)}); ${areTaken(measured) ? 'beside other programs, which may hold it down' : `a pool of ${most.lanes} is not expected to exceed it`}.`;
}

function startup({ startupMs: { thread, process: child } }: Measured): string | undefined {
  if (thread === null || child === null) return undefined;
  return `Startup of a pool of one: ${ms(thread)} for a thread, ${ms(child)} for a process. Work that saves less in total does not need a pool.`;
}

function support({ support: supports, environment }: Measured): readonly string[] {
  const missing = present(
    !supports.memoryOfTree && 'the memory of a process tree',
    !supports.stealAndThrottling && 'steal and throttling',
    !supports.contextSwitches && 'context switches',
  );
  return present(
    missing.length > 0 && `Not measured on this system: ${missing.join(', ')}.`,
    !supports.typeStripping && `TypeScript workloads need Node 22.18 or later, or tsx; this is ${environment.node}.`,
  );
}
