import { leaderOf, ratiosOf, type Started } from '../model/evidence.ts';
import type { MeasuringEvent } from '../measure/events.ts';
import type { Group, PlannedCell } from '../model/plan.ts';
import { configurationName, isMany, poolName } from '../report/names.ts';
import { ratio } from '../report/numbers.ts';
import { median } from '../stats/quantile.ts';

/** Which configuration looks fastest so far, by the medians of blocks: without a test, and so no verdict. */
export interface Standing {
  /** For a line of text: `so far 2 worker threads look fastest (1.5× as fast as the event loop)`. */
  readonly long: string;
  /** For a line with little room: `so far 2 worker threads 1.5×`. */
  readonly short: string;
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
