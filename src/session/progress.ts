import { clearLine, cursorTo } from 'node:readline';
import cliProgress from 'cli-progress';
import type { Stage } from '../flow/session.ts';
import type { MeasuringEvent } from '../measure/events.ts';
import { RunClock } from './run-clock.ts';

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
        `${name}${workload.name}: block ${event.block + 1} of ${blocks.length}, ${Math.floor(clock.share * 100)} % of the run, ${clock.eta()}${next}\n`,
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
      const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${text}`;
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
