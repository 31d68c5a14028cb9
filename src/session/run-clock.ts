import type { GroupEstimate, MeasuringEvent } from '../measure/events.ts';
import type { Plan } from '../model/plan.ts';
import { duration } from '../report/numbers.ts';

/** Of one group: what is left to do, in blocks. */
interface Stretch {
  readonly blocks: number;
  readonly blockMs: number;
  readonly batches: number;
}

/**
 * How much of a run is done, and what is left of it. What a block takes is estimated when the cells have been tried out, and
 * corrected by what the blocks that are done have taken.
 */
export class RunClock {
  readonly #now: () => number;
  readonly #isOpenEnded: boolean;
  #startedMs: number;
  #groups: readonly Stretch[];
  #group = 0;
  #blocks = 0;
  #batches = 0;
  #isTried = false;

  /** @param now the time, in milliseconds */
  constructor({ groups, options }: Pick<Plan, 'groups' | 'options'>, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#isOpenEnded = options.looks !== undefined;
    this.#startedMs = now();
    this.#groups = groups.map((group) => stretchOf({ group, blockMs: 1, done: 0 }));
  }

  on(event: MeasuringEvent): void {
    switch (event.kind) {
      case 'tried':
        this.#startedMs = this.#now();
        this.#isTried = true;
        this.#groups = event.estimates.map(stretchOf);
        return;
      case 'sample':
        this.#batches += 1;
        return;
      case 'block':
        this.#blocks += 1;
        this.#batches = 0;
        return;
      case 'group':
        this.#group += 1;
        this.#blocks = 0;
        this.#batches = 0;
        return;
      case 'saved':
        return;
      default:
        event satisfies never;
    }
  }

  get #doneMs(): number {
    const before = msOf(this.#groups.slice(0, this.#group));
    const now = this.#groups[this.#group];
    if (now === undefined) return before;
    // A block that is measured again is no step forward.
    const begun = this.#blocks < now.blocks ? Math.min(1, this.#batches / now.batches) : 0;
    return before + now.blockMs * (Math.min(this.#blocks, now.blocks) + begun);
  }

  /** From 0 to 1. */
  get share(): number {
    const totalMs = msOf(this.#groups);
    return totalMs === 0 ? 1 : this.#doneMs / totalMs;
  }

  eta(): string {
    if (!this.#isTried) return 'how many tasks make a batch?';
    const doneMs = this.#doneMs;
    // The estimate counts for as much as one block of the run that is being measured.
    const trusted = this.#groups[0]?.blockMs ?? 0;
    const pace = (this.#now() - this.#startedMs + trusted) / (doneMs + trusted || 1);
    return `${this.#isOpenEnded ? 'at most' : 'about'} ${duration((msOf(this.#groups) - doneMs) * pace)} left`;
  }
}

function msOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { blocks, blockMs }) => sum + blocks * blockMs, 0);
}

function stretchOf({ group: { blocks, cells }, blockMs, done }: GroupEstimate): Stretch {
  return { blocks: blocks.length - done, blockMs, batches: cells.length * (blocks[0]?.length ?? 1) };
}
