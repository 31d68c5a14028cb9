import type { Diagnosis } from '../model/diagnosis.ts';
import { present } from './document.ts';
import { mebibytes, ms, percent, plural, ratio, threeDigits } from './numbers.ts';

/** Steal below this share is nothing to tell. */
const STEAL_SHARE = 0.005;
type Measured = Omit<Diagnosis, 'sentences'>;

/** What the figures mean for whoever wants to measure here. */
export function diagnosisSentences(diagnosis: Measured): readonly string[] {
  return present(
    cores(diagnosis),
    ...disturbances(diagnosis),
    ...noise(diagnosis),
    ceiling(diagnosis),
    startup(diagnosis),
    ...support(diagnosis),
  );
}

function cores({ environment }: Measured): string {
  const { cores: usable, availableParallelism, cpuQuota, physicalCores } = environment;
  const quota =
    cpuQuota === null
      ? ''
      : `, and the control group grants the time of ${ratio(cpuQuota)}; work that asks for more is stopped in every period`;
  const claim = availableParallelism === usable ? '' : ` (Node's availableParallelism() says ${availableParallelism})`;
  const physical = physicalCores ?? usable;
  const siblings =
    physical >= usable
      ? ''
      : ` They are on ${plural(physical, 'physical core')}: two lanes that share one are not twice as fast.`;
  return `CPU work can use ${plural(usable, 'core')} here${claim}${quota}.${siblings}`;
}

function disturbances({ environment }: Measured): readonly string[] {
  const { cores: usable, memoryLimitBytes } = environment;
  const governor = environment.governor ?? 'performance';
  // What was not measured is nothing to tell either.
  const [steal, throttledMs, load] = [
    environment.stealShare ?? 0,
    environment.throttledMs ?? 0,
    environment.loadAverage ?? 0,
  ];
  return present(
    steal > STEAL_SHARE &&
      `Since boot the hypervisor has taken ${percent(steal)} of the time in which there was work to do.`,
    throttledMs > 0 && `This control group has waited ${threeDigits(throttledMs / 1000)} s for its CPU quota so far.`,
    load > usable / 2 &&
      `The load of the last minute is ${ratio(load)}: something else is running; what is measured now is measured beside it.`,
    governor !== 'performance' && `The CPU's governor is "${governor}": its speed may change with the load.`,
    typeof memoryLimitBytes === 'number' &&
      `The control group grants ${mebibytes(memoryLimitBytes)} of memory; a host takes 50 to 150.`,
  );
}

function noise({ noise: floors }: Measured): readonly string[] {
  const presets = [...new Set(floors.map(({ preset }) => preset))];
  return presets.map((preset) => {
    const own = floors.filter((floor) => floor.preset === preset);
    const widest = Math.max(...own.map(({ halfWidthPct }) => halfWidthPct));
    return `Differences under ${threePlaces(widest)} will not be seen here with the ${preset} preset.`;
  });
}

/** One digit behind the point below ten percent, none above. */
function threePlaces(percentage: number): string {
  return `${percentage < 10 ? percentage.toFixed(1) : percentage.toFixed(0)} %`;
}

function ceiling({ ceiling: points }: Measured): string | undefined {
  const most = points.at(-1);
  if (most === undefined) return undefined;
  if (most.lanes === 1) return 'With one usable core, no pool can make CPU work faster here.';
  const { estimate, lo, hi } = most.speedup;
  return `${most.lanes} plain processes, to which nothing is handed over, do CPU work ${ratio(estimate)} times as fast as one (95 % interval ${ratio(lo)} to ${ratio(hi)}): no pool of ${most.lanes} can give more.`;
}

function startup({ startupMs: { thread, process: child } }: Measured): string | undefined {
  if (thread === null || child === null) return undefined;
  return `To start a pool of one thread takes ${ms(thread)}, of one process ${ms(child)}: work that saves less than that in all is not worth a pool.`;
}

function support({ support: told, environment }: Measured): readonly string[] {
  const missing = present(
    !told.memoryOfTree && 'the memory of a process tree',
    !told.stealAndThrottling && 'steal and throttling',
    !told.contextSwitches && 'context switches',
  );
  return present(
    missing.length > 0 && `Not measured on this system: ${missing.join(', ')}.`,
    !told.typeStripping && `Node ${environment.node} does not run TypeScript workloads; 22.18 and later do.`,
  );
}
