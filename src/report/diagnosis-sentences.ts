import type { Diagnosis } from '../model/diagnosis.ts';
import { percent, plural, ratio, threeDigits } from './numbers.ts';

/** Steal below this share is nothing to tell. */
const STEAL_SHARE = 0.005;
const BYTES_PER_MIB = 2 ** 20;

/** What the figures mean for whoever wants to measure here. */
export function diagnosisSentences(diagnosis: Omit<Diagnosis, 'sentences'>): readonly string[] {
  return [
    cores(diagnosis),
    ...disturbances(diagnosis),
    ...noise(diagnosis),
    ...ceiling(diagnosis),
    ...startup(diagnosis),
    ...support(diagnosis),
  ];
}

function cores({ environment }: Omit<Diagnosis, 'sentences'>): string {
  const { cores: usable, availableParallelism, cpuQuota, physicalCores } = environment;
  const quota =
    cpuQuota === null
      ? ''
      : `, and the control group grants the time of ${ratio(cpuQuota)}; work that asks for more is stopped in every period`;
  const claim = availableParallelism === usable ? '' : ` (Node's availableParallelism() says ${availableParallelism})`;
  const siblings =
    physicalCores === undefined || physicalCores === null || physicalCores >= usable
      ? ''
      : ` They are on ${plural(physicalCores, 'physical core')}: two lanes that share one are not twice as fast.`;
  return `CPU work can use ${plural(usable, 'core')} here${claim}${quota}.${siblings}`;
}

function disturbances({ environment }: Omit<Diagnosis, 'sentences'>): readonly string[] {
  const { stealShare, throttledMs, loadAverage, cores: usable, memoryLimitBytes, governor } = environment;
  const told: string[] = [];
  if ((stealShare ?? 0) > STEAL_SHARE)
    told.push(
      `Since boot the hypervisor has taken ${percent(stealShare ?? 0)} of the time in which there was work to do.`,
    );
  if ((throttledMs ?? 0) > 0)
    told.push(`This control group has waited ${threeDigits((throttledMs ?? 0) / 1000)} s for its CPU quota so far.`);
  if ((loadAverage ?? 0) > usable / 2)
    told.push(
      `The load of the last minute is ${ratio(loadAverage ?? 0)}: something else is running; what is measured now is measured beside it.`,
    );
  if (governor !== undefined && governor !== null && governor !== 'performance')
    told.push(`The CPU's governor is "${governor}": its speed may change with the load.`);
  if (memoryLimitBytes !== undefined && memoryLimitBytes !== null)
    told.push(
      `The control group grants ${Math.round(memoryLimitBytes / BYTES_PER_MIB)} MiB of memory; a host takes 50 to 150.`,
    );
  return told;
}

function noise({ noise: floors }: Omit<Diagnosis, 'sentences'>): readonly string[] {
  const presets = [...new Set(floors.map(({ preset }) => preset))];
  return presets.map((preset) => {
    const widest = Math.max(
      ...floors.filter((floor) => floor.preset === preset).map(({ halfWidthPct }) => halfWidthPct),
    );
    return `Differences under ${threePlaces(widest)} will not be seen here with the ${preset} preset.`;
  });
}

/** One digit behind the point below ten percent, none above. */
function threePlaces(percentage: number): string {
  return `${percentage < 10 ? percentage.toFixed(1) : percentage.toFixed(0)} %`;
}

function ceiling({ ceiling: points }: Omit<Diagnosis, 'sentences'>): readonly string[] {
  const most = points.at(-1);
  if (most === undefined) return [];
  if (most.lanes === 1) return ['With one usable core, no pool can make CPU work faster here.'];
  const { estimate, lo, hi } = most.speedup;
  return [
    `${most.lanes} plain processes, to which nothing is handed over, do CPU work ${ratio(estimate)} times as fast as one (95 % interval ${ratio(lo)} to ${ratio(hi)}): no pool of ${most.lanes} can give more.`,
  ];
}

function startup({ startupMs: { thread, process: child } }: Omit<Diagnosis, 'sentences'>): readonly string[] {
  if (thread === null || child === null) return [];
  return [
    `To start a pool of one thread takes ${threeDigits(thread)} ms, of one process ${threeDigits(child)} ms: work that saves less than that in all is not worth a pool.`,
  ];
}

function support({ support: told, environment }: Omit<Diagnosis, 'sentences'>): readonly string[] {
  const missing = [
    ...(told.memoryOfTree ? [] : ['the memory of a process tree']),
    ...(told.stealAndThrottling ? [] : ['steal and throttling']),
    ...(told.contextSwitches ? [] : ['context switches']),
  ];
  return [
    ...(missing.length === 0 ? [] : [`Not measured on this system: ${missing.join(', ')}.`]),
    ...(told.typeStripping ? [] : [`Node ${environment.node} does not run TypeScript workloads; 22.18 and later do.`]),
  ];
}
