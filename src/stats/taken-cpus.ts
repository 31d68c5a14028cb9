/** Whether the work had the CPUs that it can use. */
import type { MeasuredGroup } from '../model/measured.ts';
import type { JoinedMachine, Workload } from '../model/plan.ts';
import type { BlockNoise, MeasuredCell, Warning } from '../model/results.ts';
import { REFERENCE } from '../model/strategies.ts';
import { median } from './quantile.ts';

/** CPUs that may be missing. Lanewise itself uses up to this much between short batches. */
const MOST_TAKEN = 0.5;
/** Where less is free, work that waits looks like work that computes in threads of its own and gets no CPU. */
const LEAST_FREE = 0.5;
/** Work that is always ready to run gets all of a CPU, but for timers and interrupts. */
const WHOLE = 0.9;

/** A machine that runs workers, and the most that a configuration can use there. */
interface Site {
  /** A letter from b; absent: the machine of the run. */
  readonly machine?: string;
  readonly cores: number;
  readonly freeCpus: number | null;
  readonly lanes: number;
  readonly usedCpus: number;
}

/**
 * Checks that the work had the CPUs it can use. A neighbor that is busy all the time disturbs no block more than the
 * others, but takes from pools what the event loop does not need. Two versions of one configuration need the same, so
 * that is no reason to doubt their comparison.
 */
export function takenCpus(
  measured: MeasuredGroup,
  cells: readonly MeasuredCell[],
  cores: number,
  joined: readonly JoinedMachine[],
): Extract<Warning, { kind: 'taken-cpus' }> | undefined {
  const { compares, workload } = measured.group;
  if (compares !== 'with-baseline' || cells.length === 0) return undefined;
  const waits = ({ freeCpus }: Site): boolean => isWaiting(workload, freeCpus);
  const neededOn = (site: Site): number => Math.min(site.cores, Math.max(waits(site) ? 0 : site.lanes, site.usedCpus));
  const isShort = (site: Site): boolean =>
    areTaken(site.freeCpus, neededOn(site)) && (waits(site) || site.usedCpus < WHOLE * neededOn(site));
  const here = siteHere(measured, cells, cores, joined);
  const short = [here, ...sitesElsewhere(measured, cells, joined)].find(isShort);
  const loopCpus = starvedLoop(cells.find(({ strategy }) => strategy === REFERENCE)) ?? null;
  if (short === undefined && loopCpus === null) return undefined;
  const { lanes: _lanes, usedCpus: _usedCpus, ...site } = short ?? here;
  return { kind: 'taken-cpus', workload: workload.name, ...site, neededCpus: neededOn(short ?? here), loopCpus };
}

/** Whether work surely waits rather than computes, so that its workers need no CPUs but those that they use. */
export function isWaiting({ bound, boundIs }: Pick<Workload, 'bound' | 'boundIs'>, freeCpus: number | null): boolean {
  return bound === 'io' && (boundIs === 'claimed' || freeCpus === null || freeCpus >= LEAST_FREE);
}

function siteHere(
  { noise }: MeasuredGroup,
  cells: readonly MeasuredCell[],
  cores: number,
  joined: readonly JoinedMachine[],
): Site {
  const sharing = (machines: number): number => joined.slice(0, machines).filter(sharesCpus).length;
  return {
    cores,
    freeCpus: freeCpusOf(noise),
    lanes: Math.max(...cells.map((cell) => lanesEach(cell) * (1 + sharing(cell.machines ?? 0)))),
    usedCpus: Math.max(...cells.map((cell) => cell.summary.cpusUsed - elsewhereCpus(cell))),
  };
}

/** Machines that joined with CPUs of their own. */
function sitesElsewhere(
  { noise }: MeasuredGroup,
  cells: readonly MeasuredCell[],
  joined: readonly JoinedMachine[],
): readonly Site[] {
  return joined.flatMap((machine, place): Site[] => {
    const spread = cells.filter(({ machines = 0 }) => machines > place);
    if (sharesCpus(machine) || spread.length === 0) return [];
    const { name, cpus } = machine;
    const own = noise.blocks.flatMap(({ machines = [] }) => machines.filter((one) => one.name === name));
    const others = (machines = 0): number => joined.slice(0, machines).filter((one) => !sharesCpus(one)).length;
    return [
      {
        machine: name,
        cores: cpus,
        freeCpus: freeCpusOf({ blocks: own }),
        lanes: Math.max(...spread.map(lanesEach)),
        // The use of several machines is known as a sum only.
        usedCpus: Math.max(...spread.map((cell) => elsewhereCpus(cell) / others(cell.machines))),
      },
    ];
  });
}

function sharesCpus(machine: JoinedMachine): boolean {
  return machine.sharesCpus === true;
}

function lanesEach({ poolSize, machines = 0 }: MeasuredCell): number {
  return poolSize / (machines + 1);
}

function elsewhereCpus({ machines, samples }: MeasuredCell): number {
  return machines === undefined ? 0 : median(samples.map(({ elsewhereMs = 0, wallMs }) => elsewhereMs / wallMs));
}

/** CPUs that other programs left, median over the blocks; null: not measured. */
export function freeCpusOf({ blocks }: { readonly blocks: readonly Pick<BlockNoise, 'freeCpus'>[] }): number | null {
  const free = blocks.flatMap(({ freeCpus }) => freeCpus ?? []);
  return free.length === 0 ? null : median(free);
}

/** Whether free CPUs are the reason; otherwise it is the event loop alone. */
export function isAboutFree({
  freeCpus,
  neededCpus,
  loopCpus,
}: Pick<Extract<Warning, { kind: 'taken-cpus' }>, 'freeCpus' | 'neededCpus' | 'loopCpus'>): boolean {
  return loopCpus === null || areTaken(freeCpus, neededCpus);
}

/** @param most - CPUs that may be missing, if that is less than {@link MOST_TAKEN} */
export function areTaken(freeCpus: number | null, neededCpus: number, most: number = MOST_TAKEN): boolean {
  return freeCpus !== null && neededCpus - freeCpus > Math.min(MOST_TAKEN, most);
}

/** CPUs of an event loop that never waited and was preempted nevertheless; undefined: it got what it needs. */
export function starvedLoop(loop: MeasuredCell | undefined): number | undefined {
  if (loop === undefined || loop.summary.cpusUsed >= WHOLE) return undefined;
  const { samples, summary } = loop;
  const isHeld = median(samples.map(({ loopDelayMs, wallMs }) => loopDelayMs.max / wallMs)) > WHOLE;
  const sum = (kind: 'voluntary' | 'involuntary'): number =>
    samples.reduce((all, { contextSwitches }) => all + (contextSwitches?.[kind] ?? 0), 0);
  return isHeld && sum('involuntary') > sum('voluntary') ? summary.cpusUsed : undefined;
}
