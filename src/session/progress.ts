import { clearLine, cursorTo } from 'node:readline';
import cliProgress from 'cli-progress';
import type { Stage } from '../flow/session.ts';
import type { GroupEstimate, MeasuringEvent } from '../measure/events.ts';
import type { Plan } from '../model/plan.ts';
import { duration } from '../report/numbers.ts';

/** A plain line at most this often. */
const PLAIN_INTERVAL_MS = 5000;
/** Drawn no more often than the eye can follow. */
const DRAW_INTERVAL_MS = 100;

/** Shows what happens, when it is told, and never by itself. */
export interface Progress {
  readonly on: (event: MeasuringEvent) => void;
  /** Leaves nothing behind on the screen. */
  readonly stop: () => void;
}

const nothing = (): void => undefined;

/** In front of what is measured, and what comes when it has ended. */
const PHASES = {
  screening: { name: 'screening ', next: ', then the finalists' },
  confirming: { name: 'finalists of ', next: '' },
  none: { name: '', next: '' },
} as const;

/**
 * Shows how far a run is, on stderr, and only when told of an event: no timer draws while a batch is being measured.
 * A terminal gets one line that is drawn over; anything else gets a plain line now and then.
 */
export function openProgress(stage: Stage, stream: NodeJS.WriteStream, isQuiet: boolean): Progress {
  if (isQuiet) return { on: nothing, stop: nothing };
  return isAnimated(stream) ? animated(stage, stream) : plain(stage, stream);
}

function animated({ plan, phase }: Stage, stream: NodeJS.WriteStream): Progress {
  const clock = new RunClock(plan);
  const line = openBar(stream);
  const { name, next } = PHASES[phase ?? 'none'];
  let group = 'trying out';
  let drawnMs = 0;
  const draw = (): void => {
    drawnMs = performance.now();
    line.draw(clock.share, `${name}${group}  ${clock.eta()}${next}`);
  };
  draw();
  return {
    on: (event) => {
      clock.on(event);
      if (event.kind === 'tried') group = plan.groups[0]?.workload.name ?? '';
      if (event.kind === 'block') group = event.group.workload.name;
      if (event.kind !== 'sample' || performance.now() - drawnMs >= DRAW_INTERVAL_MS) draw();
    },
    stop: line.clear,
  };
}

function plain({ plan, phase }: Stage, stream: NodeJS.WriteStream): Progress {
  const clock = new RunClock(plan);
  const { name, next } = PHASES[phase ?? 'none'];
  let writtenMs = performance.now();
  return {
    on: (event) => {
      clock.on(event);
      if (event.kind === 'tried') {
        const sizes = event.estimates.map(
          ({ group: { workload } }) => `${workload.name} in batches of ${workload.tasks}`,
        );
        stream.write(`Tried out: ${sizes.join(', ')}; ${clock.eta()}${next}\n`);
      }
      if (event.kind !== 'block') return;
      const { workload, blocks } = event.group;
      const isLast = event.block + 1 === blocks.length;
      if (!isLast && performance.now() - writtenMs < PLAIN_INTERVAL_MS) return;
      writtenMs = performance.now();
      stream.write(
        `${name}${workload.name}: block ${event.block + 1} of ${blocks.length}, ${Math.floor(clock.share * 100)}% of the run, ${clock.eta()}${next}\n`,
      );
    },
    stop: nothing,
  };
}

const BAR_WIDTH = 24;

/** Whether a line can be drawn over, and somebody is there to see it. */
export function isAnimated(stream: NodeJS.WriteStream): boolean {
  return stream.isTTY && process.env.CI === undefined && process.env.TERM !== 'dumb';
}

/** One line of a terminal that is drawn over, whenever it is called, and only then. */
export function openBar(stream: NodeJS.WriteStream): {
  /** How much is done, from 0 to 1. */
  readonly draw: (share: number, text: string) => void;
  /** Leaves nothing behind on the screen. */
  readonly clear: () => void;
} {
  return {
    draw: (share, text) => {
      const bar = cliProgress.Format.BarFormat(share, {
        ...cliProgress.Presets.shades_classic,
        barsize: BAR_WIDTH,
        barCompleteString: '█'.repeat(BAR_WIDTH),
        barIncompleteString: '░'.repeat(BAR_WIDTH),
        barGlue: '',
      });
      const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)}%  ${text}`;
      cursorTo(stream, 0);
      // A line that wraps could not be drawn over. Some terminals claim to have no columns.
      stream.write(line.slice(0, Math.max(20, (stream.columns || 80) - 1)));
      clearLine(stream, 1);
    },
    clear: () => {
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
  };
}

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
class RunClock {
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
