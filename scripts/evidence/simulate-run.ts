/** A simulated run, concluded by the code that concludes real ones, and how it stands to the truth. */
import {
  blocksNeeded,
  comparisonsOf,
  contendersOf,
  dropped,
  looksOf,
  PRESETS,
  rulesFor,
  SCREENING_BLOCKS,
  screeningOf,
  type PresetName,
} from '../../src/model/evidence.ts';
import { cellId, shortId } from '../../src/model/cell-id.ts';
import type { CellLog, MeasuredGroup } from '../../src/model/measured.ts';
import type { Group, PlannedCell } from '../../src/model/plan.ts';
import type { Comparison, Options, Sample } from '../../src/model/results.ts';
import { orderBlocks, orderRace, withConfirmation } from '../../src/plan/cells.ts';
import { conclude, decided, type Conclusions } from '../../src/stats/conclude.ts';
import { seedFrom, startHosts, type Profile, type Uniform } from './simulated-machine.ts';

/** Batch time of the baseline, and what else a batch has: none of it is compared. */
export const SAMPLE: Sample = {
  block: 0,
  round: 0,
  position: 0,
  wallMs: 30,
  cpuMs: 30,
  tasksInFlight: 1,
  cpusUsed: 1,
  loopDelayMs: { p50: 1, p99: 2, max: 3 },
  taskMs: { p50: 15, p90: 28, p99: 30, max: 30 },
  dispatchMs: { p50: 0.1, p99: 0.2 },
  contextSwitches: null,
  digestShare: 0,
};
const TITLE = 'simulated';
const TASKS = 8;

/** How a run is measured. */
export interface Manner {
  readonly preset: PresetName;
  readonly isRace: boolean;
  /** Two equal versions of every configuration are compared with each other. */
  readonly isVersus?: boolean;
  /** Looks after 1, 2 and 4 times the preset's blocks; what is decided leaves. */
  readonly untilDecided?: boolean;
}

const LOOKS = [1, 2, 4];
const CORES = 2;

/** Where the conclusions of a run contradict the truth, and what it found. */
export interface Outcome {
  /** A verdict, or a claim about a dropped configuration, is wrong. */
  readonly hasWrongClaim: boolean;
  /** A CI lacks the true speedup. */
  readonly hasMiss: boolean;
  /** A configuration was dropped that is within the minimum effect of the fastest. */
  readonly hasWrongDrop: boolean;
  /** How much slower the choice is than the fastest, as a fraction. */
  readonly regret: number;
  /** The fastest was shown to be faster than the baseline. */
  readonly foundFastest: boolean;
}

export function simulateRun(profile: Profile, manner: Manner, uniform: Uniform): Outcome {
  const seed = seedFrom(uniform);
  const simulated =
    manner.isVersus === true ? { ...profile, cells: profile.cells.flatMap((cell) => [cell, cell]) } : profile;
  const cells = simulated.cells.map((cell, index): PlannedCell => {
    const own = { ...identityOf(cell), ...(manner.isVersus === true && { version: VERSIONS[index % 2] }) };
    return { id: cellId(TITLE, own), ...own };
  });
  const logs = cells.map(newLog);
  const options = optionsOf(manner, cells.length);
  const group = groupOf(cells, options, manner, seed);
  const measured = measureAll(group, logs, options, { profile: simulated, uniform, seed });
  const conclusions = conclude(
    { complete: true, ownCpuShare: undefined, warnings: [], groups: [found(measured, logs)] },
    options,
    CORES,
  );
  const speeds = new Map(cells.map(({ id }, index) => [id, simulated.cells[index]?.speed ?? 1]));
  return outcomeOf(conclusions, speeds, group.baseline, options);
}

const VERSIONS = ['old', 'new'] as const;

function found(group: Group, cells: readonly CellLog[]): MeasuredGroup {
  return {
    group,
    cells,
    complete: true,
    digests: [],
    upperBounds: [],
    noise: { hit: 0, repeated: 0, blocks: [], discarded: [] },
    timelines: [],
    warnings: [],
  };
}

function identityOf({ strategy, poolSize, concurrency }: Profile['cells'][number]): Omit<PlannedCell, 'id'> {
  return { strategy, poolSize, concurrency };
}

function newLog(cell: PlannedCell): CellLog {
  return {
    cell,
    startupMs: [50],
    memoryBytes: [],
    hostCopyBytes: [],
    doubts: [],
    samples: [],
    startsMs: [],
    error: undefined,
  };
}

function optionsOf({ preset, isVersus = false, isRace, untilDecided = false }: Manner, cells: number): Options {
  const { rounds, warmups, ...own } = PRESETS[preset];
  // As the planner has it: a race takes as many as it needs when it is over.
  const comparisons = isVersus ? cells / 2 : cells - 1;
  const first = isRace ? own.blocks : Math.max(own.blocks, blocksNeeded(comparisons * LOOKS.length));
  const looks = untilDecided ? LOOKS.map((factor) => factor * first) : undefined;
  const blocks = looks?.at(-1) ?? own.blocks;
  return {
    ...(looks && { looks }),
    strategies: [],
    poolSizes: [],
    concurrency: null,
    baseline: 'event-loop',
    preset,
    blocks,
    rounds,
    warmups,
    minEffect: 0.05,
    timeoutMs: 60_000,
    startTimeoutMs: 30_000,
    timeLimitMs: null,
    tasks: null,
    atomics: 'sync',
    uvThreads: null,
    verify: 'sample',
  };
}

function groupOf(cells: readonly PlannedCell[], options: Options, { isRace, isVersus }: Manner, seed: number): Group {
  const source = 'simulated.js';
  const ref = { url: `file:///${source}` };
  const draft: Omit<Group, 'blocks'> = {
    workload: {
      name: TITLE,
      bound: 'cpu',
      boundIs: 'claimed',
      source,
      ref,
      params: {},
      tasks: TASKS,
      tasksAreFixed: true,
      hostLoadsIt: false,
      services: [],
      claims: {
        params: {},
        services: [],
        takesInput: true,
        readsInput: false,
        transfers: false,
        unknownFields: [],
        isFunction: true,
        steps: ['default'],
        bound: 'cpu',
      },
    },
    versions: [{ ref, source }],
    compares: isVersus === true ? 'with-older-self' : 'with-baseline',
    title: TITLE,
    params: {},
    cells,
    baseline: cells[0]?.id ?? '',
    upperBoundLanes: [],
  };
  if (isRace) {
    const raced = { ...draft, isRace: true };
    return { ...raced, blocks: orderRace(raced, options, seed) };
  }
  const blocks = Math.max(options.blocks, blocksNeeded(comparisonsOf(draft)));
  return { ...draft, blocks: orderBlocks(cells, blocks, options.rounds, seed) };
}

interface Machine {
  readonly profile: Profile;
  readonly uniform: Uniform;
  readonly seed: number;
}

/** Fills the logs as `measureGroup` does, without disturbances. @returns the group with the blocks that it has run */
function measureAll(group: Group, logs: readonly CellLog[], options: Options, machine: Machine): Group {
  const raced = group.isRace === true ? race(group, logs, options, machine) : group;
  let done = screeningOf(raced);
  for (const look of looksOf(raced, options)) {
    for (; done < look; done++) measureBlock(raced, done, logs, machine);
    if (options.looks === undefined) break;
    const out = new Set(decided(found(raced, logs), options, CORES));
    const left = logs.filter(isLeft);
    if (left.every(({ cell }) => out.has(cell.id))) break;
    for (const log of left) if (out.has(log.cell.id)) log.isDecided = true;
  }
  return raced;
}

/** @returns the group with the blocks of its confirmation */
function race(group: Group, logs: readonly CellLog[], options: Options, machine: Machine): Group {
  const { profile, uniform, seed } = machine;
  const factorOf = startHosts(profile, uniform);
  for (const [index, { startsMs }] of logs.entries()) startsMs.push(SAMPLE.wallMs * Math.exp(factorOf(index)));
  for (let block = 0; block < SCREENING_BLOCKS; block++) {
    measureBlock(group, block, logs, machine);
    for (const { startsMs, samples } of logs)
      startsMs.push(...samples.filter((sample) => sample.block === block).map(({ wallMs }) => wallMs));
    const started = logs.filter(isLeft).map(({ cell: { id, version: _either, ...unit }, startsMs }) => ({
      id,
      unit: shortId(unit),
      startsMs,
    }));
    const out = dropped(started, group.baseline, rulesFor(contendersOf(group)));
    for (const log of logs) if (out.includes(log.cell.id)) log.droppedFor = 'far-behind';
  }
  const left = logs.filter(isLeft);
  for (const { samples } of left) samples.length = 0;
  return withConfirmation(
    group,
    left.map(({ cell }) => cell),
    options,
    seed,
  );
}

function isLeft({ droppedFor, isDecided }: CellLog): boolean {
  return droppedFor === undefined && isDecided !== true;
}

function measureBlock({ blocks }: Group, block: number, logs: readonly CellLog[], { profile, uniform }: Machine): void {
  const factorOf = startHosts(profile, uniform);
  for (const [round, turns] of (blocks[block] ?? []).entries()) {
    for (const [position, { id }] of turns.entries()) {
      const index = logs.findIndex(({ cell }) => cell.id === id);
      const log = logs[index];
      if (log === undefined || !isLeft(log)) continue;
      log.samples.push({ ...SAMPLE, block, round, position, wallMs: SAMPLE.wallMs * Math.exp(factorOf(index)) });
    }
  }
}

function outcomeOf(
  { cells, comparisons, recommendations }: Conclusions,
  speeds: ReadonlyMap<string, number>,
  baseline: string,
  { minEffect }: Options,
): Outcome {
  const speedOf = (id: string): number => speeds.get(id) ?? 1;
  const fastest = Math.max(...speeds.values());
  const truth = ({ contender, baseline: base }: Comparison): number => speedOf(contender) / speedOf(base);
  return {
    hasWrongClaim:
      comparisons.some((comparison) => isWrong(comparison, truth(comparison), minEffect)) ||
      cells.some(({ id, dropped: out }) => out?.isSlower === true && speedOf(id) >= speedOf(baseline)),
    hasMiss: comparisons.some(
      (comparison) => truth(comparison) < comparison.speedup.lo || truth(comparison) > comparison.speedup.hi,
    ),
    hasWrongDrop: cells.some(({ id, dropped: out }) => out !== undefined && speedOf(id) * (1 + minEffect) >= fastest),
    regret: fastest / speedOf(recommendations[0]?.choose ?? baseline) - 1,
    foundFastest: comparisons.some(
      (comparison) => comparison.verdict === 'faster' && speedOf(comparison.contender) === fastest,
    ),
  };
}

/** True for a verdict that the true speedup contradicts. */
function isWrong({ verdict }: Comparison, speedup: number, minEffect: number): boolean {
  switch (verdict) {
    case 'faster':
      return speedup <= 1;
    case 'slower':
      return speedup >= 1;
    case 'same':
      return speedup >= 1 + minEffect || speedup <= 1 / (1 + minEffect);
    case 'inconclusive':
      return false;
    default:
      return verdict satisfies never;
  }
}
