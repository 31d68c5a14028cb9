import type { GroupEstimate, Observer } from '../measure/observer.ts';
import type { Plan } from '../model/plan.ts';
import { duration } from '../report/numbers.ts';
import { isAnimated, openBar } from './bar.ts';

/** A plain line at most this often. */
const PLAIN_INTERVAL_MS = 5000;
/** Drawn no more often than the eye can follow. */
const DRAW_INTERVAL_MS = 100;

export type Progress = Pick<Observer, 'tried' | 'measured' | 'blockDone' | 'groupDone'> & {
  /** Leaves nothing behind on the screen. */
  readonly stop: () => void;
};

/** Of what is done in several phases. */
export interface ProgressPhase {
  /** `screening `, in front of what is measured; empty: there are no phases. */
  readonly name: string;
  /** `, then the finalists`: what comes when this has ended. */
  readonly next: string;
}

const nothing = (): void => undefined;
const SILENT: Progress = { measured: nothing, blockDone: nothing, groupDone: nothing, stop: nothing };

/**
 * Shows how far a run is, on stderr, and only when called: no timer draws while a batch is being measured.
 * A terminal gets one line that is drawn over; anything else gets a plain line now and then.
 */
export function openProgress(
  plan: Plan,
  stream: NodeJS.WriteStream,
  isQuiet: boolean,
  phase: ProgressPhase = { name: '', next: '' },
): Progress {
  if (isQuiet) return SILENT;
  const clock = new RunClock(plan, phase);
  return isAnimated(stream) ? animated(plan, clock, stream) : plain(clock, stream);
}

function animated(plan: Plan, clock: RunClock, stream: NodeJS.WriteStream): Progress {
  let group = 'trying out';
  let drawnMs = 0;
  const line = openBar(stream);
  const draw = (): void => {
    drawnMs = Date.now();
    line.draw(clock.share, `${clock.phase.name}${group}  ${clock.eta()}`);
  };
  draw();
  return {
    tried: (estimates) => {
      clock.expect(estimates);
      group = plan.groups[0]?.workload.name ?? '';
      draw();
    },
    measured: () => {
      clock.tick();
      if (Date.now() - drawnMs >= DRAW_INTERVAL_MS) draw();
    },
    blockDone: (block) => {
      group = block.group.workload.name;
      clock.blockDone();
      draw();
    },
    groupDone: () => {
      clock.groupDone();
      draw();
    },
    stop: line.clear,
  };
}

function plain(clock: RunClock, stream: NodeJS.WriteStream): Progress {
  let writtenMs = Date.now();
  return {
    tried: (estimates) => {
      clock.expect(estimates);
      const sizes = estimates.map(({ group: { workload } }) => `${workload.name} in batches of ${workload.tasks}`);
      stream.write(`Tried out: ${sizes.join(', ')}; ${clock.eta()}\n`);
    },
    measured: () => clock.tick(),
    blockDone: ({ group, block }) => {
      clock.blockDone();
      const isLast = block + 1 === group.blocks.length;
      if (!isLast && Date.now() - writtenMs < PLAIN_INTERVAL_MS) return;
      writtenMs = Date.now();
      const { name } = group.workload;
      stream.write(
        `${clock.phase.name}${name}: block ${block + 1} of ${group.blocks.length}, ${Math.floor(clock.share * 100)} % of the run, ${clock.eta()}\n`,
      );
    },
    groupDone: () => clock.groupDone(),
    stop: nothing,
  };
}

interface Stretch {
  readonly blocks: number;
  readonly blockMs: number;
  readonly batches: number;
}

/**
 * How much of a run is done, and what is left of it. What a block takes is estimated when the cells have been tried out, and
 * corrected by what the blocks that are done have taken.
 */
class RunClock {
  readonly phase: ProgressPhase;
  #startedMs = Date.now();
  readonly #isOpenEnded: boolean;
  #groups: readonly Stretch[];
  #group = 0;
  #blocks = 0;
  #batches = 0;
  #isTried = false;

  constructor({ groups, options }: Plan, phase: ProgressPhase) {
    this.phase = phase;
    this.#isOpenEnded = options.looks !== undefined;
    this.#groups = groups.map((group) => stretchOf({ group, blockMs: 1, done: 0 }));
  }

  expect(estimates: readonly GroupEstimate[]): void {
    this.#startedMs = Date.now();
    this.#isTried = true;
    this.#groups = estimates.map(stretchOf);
  }

  tick(): void {
    this.#batches += 1;
  }

  blockDone(): void {
    this.#blocks += 1;
    this.#batches = 0;
  }

  groupDone(): void {
    this.#group += 1;
    this.#blocks = 0;
    this.#batches = 0;
  }

  get #doneMs(): number {
    const before = this.#groups.slice(0, this.#group).reduce((sum, { blocks, blockMs }) => sum + blocks * blockMs, 0);
    const now = this.#groups[this.#group];
    if (now === undefined) return before;
    // A block that is measured again is no step forward.
    const begun = this.#blocks < now.blocks ? Math.min(1, this.#batches / now.batches) : 0;
    return before + now.blockMs * (Math.min(this.#blocks, now.blocks) + begun);
  }

  get #totalMs(): number {
    return this.#groups.reduce((sum, { blocks, blockMs }) => sum + blocks * blockMs, 0);
  }

  get share(): number {
    return this.#totalMs === 0 ? 1 : this.#doneMs / this.#totalMs;
  }

  eta(): string {
    if (!this.#isTried) return 'how many tasks make a batch?';
    const doneMs = this.#doneMs;
    // The estimate counts for as much as one block of the run that is being measured.
    const trusted = this.#groups[0]?.blockMs ?? 0;
    const pace = (Date.now() - this.#startedMs + trusted) / (doneMs + trusted || 1);
    return `${this.#isOpenEnded ? 'at most' : 'about'} ${duration((this.#totalMs - doneMs) * pace)} left${this.phase.next}`;
  }
}

function stretchOf({ group: { blocks, cells }, blockMs, done }: GroupEstimate): Stretch {
  return { blocks: blocks.length - done, blockMs, batches: cells.length * (blocks[0]?.length ?? 1) };
}
