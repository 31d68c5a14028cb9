import { clearLine, cursorTo } from 'node:readline';
import cliProgress from 'cli-progress';
import type { BlockDone } from '../measure/observer.ts';
import type { Plan } from '../model.ts';
import { duration } from '../report/numbers.ts';

/** A plain line at most this often. */
const PLAIN_INTERVAL_MS = 5000;
/** Drawn no more often than the eye can follow. */
const DRAW_INTERVAL_MS = 100;
const BAR_WIDTH = 24;

export interface Progress {
  readonly batchDone: () => void;
  readonly blockDone: (block: BlockDone) => void;
  /** Leaves nothing behind on the screen. */
  readonly stop: () => void;
}

const SILENT: Progress = { batchDone: () => undefined, blockDone: () => undefined, stop: () => undefined };

/**
 * Shows how far a run is, on stderr, and only when called: no timer draws while a batch is being measured.
 * A terminal gets one line that is drawn over; anything else gets a plain line now and then.
 */
export function openProgress(plan: Plan, stream: NodeJS.WriteStream, isQuiet: boolean): Progress {
  if (isQuiet) return SILENT;
  const batches = plan.groups.reduce(
    (sum, { cells, blocks }) => sum + cells.length * blocks.reduce((rounds, block) => rounds + block.length, 0),
    0,
  );
  const clock = new RunClock(batches);
  const isAnimated = stream.isTTY && process.env.CI === undefined && process.env.TERM !== 'dumb';
  return isAnimated ? animated(plan, clock, stream) : plain(clock, stream);
}

function animated(plan: Plan, clock: RunClock, stream: NodeJS.WriteStream): Progress {
  let group = plan.groups[0]?.workload.name ?? '';
  let drawnMs = 0;
  const draw = (): void => {
    drawnMs = Date.now();
    const bar = cliProgress.Format.BarFormat(clock.share, {
      ...cliProgress.Presets.shades_classic,
      barsize: BAR_WIDTH,
      ...barTexts(),
    });
    const line = `${bar} ${String(Math.floor(clock.share * 100)).padStart(3)} %  ${group}  ${clock.eta()}`;
    cursorTo(stream, 0);
    // A line that wraps could not be drawn over. Some terminals claim to have no columns.
    stream.write(line.slice(0, Math.max(20, (stream.columns || 80) - 1)));
    clearLine(stream, 1);
  };
  draw();
  return {
    batchDone: () => {
      clock.tick();
      if (Date.now() - drawnMs >= DRAW_INTERVAL_MS) draw();
    },
    blockDone: ({ group: name, batches }) => {
      group = name;
      clock.reach(batches);
      draw();
    },
    stop: () => {
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
  };
}

function barTexts(): { barCompleteString: string; barIncompleteString: string; barGlue: string } {
  return { barCompleteString: '█'.repeat(BAR_WIDTH), barIncompleteString: '░'.repeat(BAR_WIDTH), barGlue: '' };
}

function plain(clock: RunClock, stream: NodeJS.WriteStream): Progress {
  let writtenMs = Date.now();
  return {
    batchDone: () => clock.tick(),
    blockDone: ({ group, done, blocks, batches }) => {
      clock.reach(batches);
      if (done < blocks && Date.now() - writtenMs < PLAIN_INTERVAL_MS) return;
      writtenMs = Date.now();
      stream.write(
        `${group}: block ${done} of ${blocks}, ${Math.floor(clock.share * 100)} % of the run, ${clock.eta()}\n`,
      );
    },
    stop: () => undefined,
  };
}

/** Batches differ in length from workload to workload, so that what is left is a guess until the last one. */
class RunClock {
  readonly #startedMs = Date.now();
  readonly #total: number;
  #done = 0;
  #blocksDone = 0;

  constructor(total: number) {
    this.#total = total;
  }

  tick(): void {
    this.#done += 1;
  }

  /** A block is done, whether all of its batches were run or not. */
  reach(batches: number): void {
    this.#blocksDone += batches;
    this.#done = Math.max(this.#done, this.#blocksDone);
  }

  get share(): number {
    return Math.min(1, this.#done / this.#total);
  }

  eta(): string {
    if (this.#done === 0) return 'starting';
    const leftMs = ((Date.now() - this.#startedMs) / this.#done) * (this.#total - this.#done);
    return `about ${duration(leftMs)} left`;
  }
}
