/** Said before a measurement has come to its end: how far it is, who leads, and how long it takes. */
import { leaderOf, ratiosOf, screeningOf, type Started } from '../model/evidence.ts';
import type { Stage } from '../flow/session.ts';
import type { GroupEstimate, MeasuringEvent } from '../measure/events.ts';
import type { Group, PlannedCell } from '../model/plan.ts';
import { configurationName, isMany, poolName } from '../report/names.ts';
import { duration, givenTime, ratio } from '../report/numbers.ts';
import { median } from '../stats/quantile.ts';

/** Which configuration looks fastest so far, by the medians of blocks: without a test, and so no verdict. */
export interface Standing {
  /** For a line of text: `so far 2 worker threads look fastest (1.5× as fast as the event loop)`. */
  readonly long: string;
  /** For a line with little room: `so far 2 worker threads 1.5×`. */
  readonly short: string;
}

/** `block 3 of 12`; those of a race are no evidence, and are counted by themselves. */
export function blockText({ selectBy, blocks, ...group }: Group, block: number): string {
  const first = selectBy === undefined ? screeningOf(group) : 0;
  return block < first
    ? `race, block ${block + 1} of ${first}`
    : `block ${block + 1 - first} of ${blocks.length - first}`;
}

/** With fewer starts, chance decides. */
const LEAST_BLOCKS = 2;

/** Follows the batches of a group. */
export class Standings {
  readonly #minEffect: number;
  /** Batch times of the current block, ms, by id of the cell. */
  readonly #batches = new Map<string, number[]>();
  /** Median batch of each measured block, ms, by its number. */
  readonly #blocks = new Map<string, Map<number, number>>();

  /** @param minEffect a smaller difference is not shown, as none is in the verdict */
  constructor(minEffect: number) {
    this.#minEffect = minEffect;
  }

  on(event: MeasuringEvent): void {
    if (event.kind === 'sample') {
      const { cell, sample } = event;
      this.#batches.set(cell, [...(this.#batches.get(cell) ?? []), sample.wallMs]);
    } else if (event.kind === 'block') {
      for (const [cell, wallsMs] of this.#batches)
        this.#blocks.set(cell, new Map(this.#blocks.get(cell)).set(event.block, median(wallsMs)));
      this.#batches.clear();
    } else if (event.kind === 'group') {
      this.#batches.clear();
      this.#blocks.clear();
    }
  }

  /** Undefined before enough is known, and where the question is another one than which is fastest. */
  of({ compares, cells, baseline }: Group): Standing | undefined {
    if (compares !== 'with-baseline') return undefined;
    const started = cells.map(({ id }): Started => ({ id, startsMs: [...(this.#blocks.get(id)?.values() ?? [])] }));
    const leader = leaderOf(started);
    const leading = cells.find(({ id }) => id === leader?.id);
    if (leader === undefined || leading === undefined || leader.startsMs.length < LEAST_BLOCKS) return undefined;
    const basis = started.find(({ id }) => id === baseline);
    const basic = cells.find(({ id }) => id === baseline);
    const ratios = basis === undefined ? [] : ratiosOf(basis, leader);
    return basic === undefined || ratios.length === 0
      ? described(leading)
      : compared(leading, basic, median(ratios), this.#minEffect);
  }
}

function described(leading: PlannedCell): Standing {
  return {
    long: `so far ${configurationName(leading)} ${looks(leading)} fastest`,
    short: `so far ${poolName(leading)}`,
  };
}

function compared(leading: PlannedCell, basic: PlannedCell, faster: number, minEffect: number): Standing {
  if (leading.id === basic.id) return described(basic);
  if (faster < 1 + minEffect) {
    const text = `so far nothing looks faster than ${configurationName(basic)}`;
    return { long: text, short: text };
  }
  return {
    long: `${described(leading).long} (${ratio(faster)}× as fast as ${configurationName(basic)})`,
    short: `${described(leading).short} ${ratio(faster)}×`,
  };
}

function looks(cell: PlannedCell): string {
  return isMany(cell) ? 'look' : 'looks';
}

/** Batches of longer tasks take so long that nothing seems to go on. */
const LONG_TASK_MS = 1000;
/** No task is tried for longer before the run. */
const NOT_AWAITED_MS = 10_000;
/** Longer than most people wait. */
const LONG_RUN_MS = 15 * 60_000;

/** Before calibrating. */
export function longTaskNotes({ plan: { groups, options } }: Pick<Stage, 'plan'>): readonly string[] {
  const limit = `, each for ${duration(options.timeoutMs)} (--timeout) at most,`;
  return groups
    .filter(({ workload: { taskMs = 0 }, calibrated }) => taskMs >= LONG_TASK_MS && calibrated === undefined)
    .map(({ workload: { taskMs = 0, tasks }, title }) => {
      const [ending, most] = taskMs < NOT_AWAITED_MS ? ['', ''] : [', or never ends', limit];
      return `A task of ${title} takes ${duration(taskMs)} or more${ending}: calibrating runs some batches of ${tasks} in each configuration${most} before it can tell how long all takes.`;
    });
}

/** Right after a calibration of so many ms: the measuring is long, or the time limit may end it. */
export function lengthNotes(
  estimates: readonly GroupEstimate[],
  { plan, spentMs = 0, phase }: Pick<Stage, 'plan' | 'spentMs' | 'phase'>,
  calibratingMs: number,
): readonly string[] {
  const limitMs = plan.options.timeLimitMs ?? Infinity;
  const neededMs = estimates.flatMap(({ blocksMs, done }) => blocksMs.slice(done)).reduce((sum, ms) => sum + ms, 0);
  const isBeyond = neededMs > limitMs - spentMs - calibratingMs;
  if (!isBeyond && neededMs <= LONG_RUN_MS) return [];
  const isLoad = plan.groups.some(({ load }) => load !== undefined);
  const areLong = plan.groups.some(({ workload: { taskMs = 0 } }) => taskMs >= LONG_TASK_MS);
  const fewer = isLoad ? 'tasks in a window (--window)' : areLong ? 'tasks in a batch (--tasks)' : 'blocks (--blocks)';
  // A resumed run stays as it was planned.
  const isResumed = estimates.some(({ done }) => done > 0);
  const less = isResumed ? '' : ` Fewer ${fewer} or fewer configurations (-s, -p) take less time.`;
  const what = phase === 'screening' ? 'Screening alone' : isResumed ? 'The remaining blocks' : 'All blocks';
  const limit = isBeyond ? `: the time limit of ${givenTime(limitMs)} comes first` : '';
  return [`${what} would take about ${duration(neededMs)} more${limit}.${less}`];
}
