import { clearLine, cursorTo } from 'node:readline';
import cliProgress from 'cli-progress';
import type { Stage } from '../flow/session.ts';
import type { GroupEstimate, MeasuringEvent } from '../measure/events.ts';
import type { Group, Plan } from '../model/plan.ts';
import { duration, plural } from '../report/numbers.ts';
import { titlesOf } from '../stats/groups.ts';
import { blockText, Standings, type Standing } from './outlook.ts';

/** Shortest time between two plain lines. */
const PLAIN_INTERVAL_MS = 5000;
/** Shortest time between two drawings of the bar: faster than the eye can follow is wasted. */
const DRAW_INTERVAL_MS = 100;

/** Progress display, updated by events only: a timer could draw while a batch is being measured. */
export interface Progress {
  readonly on: (event: MeasuringEvent) => void;
  /** Clears the line. */
  readonly stop: () => void;
}

/** Words before the workload's name, and after the remaining time where there is room. */
const PHASES = {
  screening: { name: 'screening ', next: ', then finalists' },
  confirming: { name: 'finalists of ', next: '' },
  searching: { name: 'searching rates of ', next: ', then measuring around them' },
  holding: { name: '', next: '' },
  none: { name: '', next: '' },
} as const;

/** Opens the progress display of a stage. */
export function openProgress({ plan, phase }: Stage, stream: NodeJS.WriteStream, isQuiet: boolean): Progress {
  const clock = new RunClock(plan);
  const standings = new Standings(plan.options.minEffect);
  const line = openLine(stream, isQuiet);
  const { name, next } = PHASES[phase ?? 'none'];
  const label = labelsOf(plan.groups);
  let group = 'calibrating';
  let standing: Standing | undefined;
  const show = (weight: Shown['weight'], text?: string): void => {
    const remaining = clock.eta();
    const further =
      standing === undefined ? [next] : [`${next}; ${standing.long}`, `; ${standing.long}`, `; ${standing.short}`];
    line.show({
      share: clock.share,
      weight,
      drawn: { label: `${name}${group}`, remaining, further },
      ...(text !== undefined && { written: `${text}${remaining}${further[0]}` }),
    });
  };
  show('usual');
  return {
    on: (event) => {
      clock.on(event);
      standings.on(event);
      if (event.kind === 'block' || event.kind === 'group') standing = standings.of(event.group);
      if (event.kind === 'tried') {
        group = plan.groups[0] === undefined ? '' : label(plan.groups[0]);
        show('major', `Calibrated: ${batchSizes(event.estimates, label)}; `);
      } else if (event.kind === 'raced') {
        const { blocks, cells } = event.estimate.group;
        const left = blocks.at(-1)?.[0]?.length ?? 0;
        group = label(event.estimate.group);
        show('major', `${name}${group}: ${left} of ${cells.length} configurations left, `);
      } else if (event.kind === 'repeating') {
        group = label(event.estimate.group);
        show('major', `${name}${group}: ${plural(event.blocks.length, 'disturbed block')} to measure again, `);
      } else if (event.kind === 'block') {
        group = label(event.group);
        const isLast = event.block + 1 === event.group.blocks.length;
        const again = clock.isRepeated ? ' again' : '';
        show(
          isLast ? 'major' : 'usual',
          `${name}${group}: ${blockText(event.group, event.block)}${again}, ${Math.floor(clock.share * 100)}% of the run, `,
        );
      } else show(event.kind === 'sample' || event.kind === 'window' ? 'minor' : 'usual');
    },
    stop: line.clear,
  };
}

/** Names of the groups: the workload, in a scan with the values of this group. */
function labelsOf(groups: readonly Group[]): (group: Group) => string {
  const titles = titlesOf(groups.map(({ workload: { name }, params, title }) => ({ name, params, title })));
  const labels = new Map(groups.map(({ title }, index) => [title, titles[index] ?? title]));
  return ({ title }) => labels.get(title) ?? title;
}

/** `compute in batches of 16`: once for all values of a scan if they have the same. */
function batchSizes(estimates: readonly GroupEstimate[], label: (group: Group) => string): string {
  const groups = estimates.map(({ group }) => group);
  const sizes = groups.map((group) => {
    const { name, tasks } = group.workload;
    const isForAll = groups.every(({ workload }) => workload.name !== name || workload.tasks === tasks);
    return `${isForAll ? name : label(group)} in batches of ${tasks}`;
  });
  return [...new Set(sizes)].join(', ');
}

/** Text beside the bar, in the order of its columns; what is too long for the terminal is shortened. */
interface Drawn {
  readonly label: string;
  readonly remaining: string;
  /** Text after the time where there is room: the first that fits. */
  readonly further?: readonly string[];
}

/** A state of the progress. */
interface Shown {
  /** From 0 to 1. */
  readonly share: number;
  /** `minor`: drawn only when due; `usual`: always drawn, written only when due; `major`: always drawn and written. */
  readonly weight: 'minor' | 'usual' | 'major';
  readonly drawn: Drawn;
  /** Plain line where no bar is drawn; undefined: none. */
  readonly written?: string;
}

/** Opens a progress line: a bar that is redrawn in a terminal, plain lines at intervals elsewhere. */
export function openLine(
  stream: NodeJS.WriteStream,
  isQuiet: boolean,
): {
  readonly show: (shown: Shown) => void;
  /** Clears the line. */
  readonly clear: () => void;
} {
  const isDrawn = !isQuiet && stream.isTTY && process.env.CI === undefined && process.env.TERM !== 'dumb';
  let shownMs = performance.now();
  const isDue = (intervalMs: number): boolean => performance.now() - shownMs >= intervalMs;
  return {
    show: ({ share, weight, drawn, written }) => {
      if (isDrawn && (weight !== 'minor' || isDue(DRAW_INTERVAL_MS))) draw(stream, share, drawn);
      else if (!isQuiet && !isDrawn && written !== undefined && (weight === 'major' || isDue(PLAIN_INTERVAL_MS)))
        stream.write(`${written}\n`);
      else return;
      shownMs = performance.now();
    },
    clear: () => {
      if (!isDrawn) return;
      cursorTo(stream, 0);
      clearLine(stream, 0);
    },
  };
}

const LONGEST_BAR = 24;
const SHORTEST_BAR = 8;
const SHARE_WIDTH = '  99%  '.length;

function draw(stream: NodeJS.WriteStream, share: number, drawn: Drawn): void {
  // A line that wraps could not be drawn over.
  const width = columnsOf(stream) - 1;
  const barsize = Math.max(SHORTEST_BAR, Math.min(LONGEST_BAR, Math.floor(width / 5)));
  const text = fitted(drawn, width - SHARE_WIDTH - barsize);
  const bar = cliProgress.Format.BarFormat(share, {
    ...cliProgress.Presets.shades_classic,
    barsize,
    barCompleteString: '█'.repeat(barsize),
    barIncompleteString: '░'.repeat(barsize),
    barGlue: '',
  });
  const line = `${bar} ${String(Math.floor(share * 100)).padStart(3)}%  ${text}`;
  cursorTo(stream, 0);
  stream.write(line.slice(0, Math.max(20, width)));
  clearLine(stream, 1);
}

/** Width of a terminal; COLUMNS overrides it, since some terminals report no columns. */
function columnsOf({ columns }: NodeJS.WriteStream): number {
  return Number.parseInt(process.env.COLUMNS ?? '', 10) || columns || 80;
}

/** Text of at most `width` columns: first what follows the time is left out, then the label shortened, never the time. */
function fitted({ label, remaining, further = [] }: Drawn, width: number): string {
  const whole = [...further, ''].map((text) => `${label}  ${remaining}${text}`).find(({ length }) => length <= width);
  if (whole !== undefined) return whole;
  const room = width - remaining.length - '…  '.length;
  return room > 0 ? `${label.slice(0, room)}…  ${remaining}` : remaining;
}

/** Remaining blocks of one group. */
type Stretch = readonly { readonly ms: number; readonly batches: number }[];

/**
 * Progress and remaining time of a run. The duration of a block is estimated by the calibration, and corrected by the
 * measured blocks.
 */
class RunClock {
  readonly #now: () => number;
  readonly #isOpenEnded: boolean;
  #startedMs: number;
  #groups: readonly Stretch[];
  #group = 0;
  #blocks = 0;
  #batches = 0;
  #isCalibrated = false;
  /** Blocks of the group that are measured for the second time. */
  #again: readonly number[] = [];
  #isRepeated = false;

  /** @param now the time, in milliseconds */
  constructor({ groups, options }: Pick<Plan, 'groups' | 'options'>, now: () => number = () => performance.now()) {
    this.#now = now;
    this.#isOpenEnded = options.looks !== undefined;
    this.#startedMs = now();
    this.#groups = groups.map((group) => stretchOf({ group, blocksMs: group.blocks.map(() => 1), done: 0 }));
  }

  on(event: MeasuringEvent): void {
    switch (event.kind) {
      case 'tried':
        this.#startedMs = this.#now();
        this.#isCalibrated = true;
        this.#groups = event.estimates.map(stretchOf);
        return;
      case 'raced': {
        // Measured blocks keep their estimate, which had the time of configurations that were dropped since.
        const measured = this.#groups[this.#group]?.slice(0, this.#blocks) ?? [];
        this.#groups = this.#groups.with(this.#group, [...measured, ...stretchOf(event.estimate)]);
        return;
      }
      case 'repeating': {
        const now = this.#groups[this.#group] ?? [];
        const all = stretchOf({ ...event.estimate, done: 0 });
        const again = event.blocks.flatMap((block) => all[block] ?? []);
        this.#again = event.blocks;
        this.#groups = this.#groups.with(this.#group, now.toSpliced(this.#blocks, 0, ...again));
        return;
      }
      case 'sample':
      case 'window':
        this.#batches += 1;
        return;
      case 'block':
        this.#isRepeated = this.#again.includes(event.block);
        this.#blocks += 1;
        this.#batches = 0;
        return;
      case 'group':
        this.#again = [];
        this.#group += 1;
        this.#blocks = 0;
        this.#batches = 0;
        return;
      case 'profile':
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
    const current = now[this.#blocks];
    const begunMs = current === undefined ? 0 : current.ms * Math.min(1, this.#batches / (current.batches || 1));
    return before + msOf([now.slice(0, this.#blocks)]) + begunMs;
  }

  /** Whether the last block was measured for the second time. */
  get isRepeated(): boolean {
    return this.#isRepeated;
  }

  /** From 0 to 1. */
  get share(): number {
    const totalMs = msOf(this.#groups);
    return totalMs === 0 ? 1 : this.#doneMs / totalMs;
  }

  eta(): string {
    if (!this.#isCalibrated) return 'choosing the batch size';
    const doneMs = this.#doneMs;
    const leftMs = msOf(this.#groups) - doneMs;
    if (leftMs <= 0) return 'finishing';
    // The estimate has the weight of one measured block.
    const trusted = this.#groups[0]?.[0]?.ms ?? 0;
    const pace = (this.#now() - this.#startedMs + trusted) / (doneMs + trusted || 1);
    return `${this.#isOpenEnded ? 'at most' : 'about'} ${duration(leftMs * pace)} left`;
  }
}

function msOf(stretches: readonly Stretch[]): number {
  return stretches.flat().reduce((sum, { ms }) => sum + ms, 0);
}

function stretchOf({ group: { blocks }, blocksMs, done }: GroupEstimate): Stretch {
  return blocks.slice(done).map((block, index) => ({
    ms: blocksMs[done + index] ?? 0,
    batches: block.reduce((sum, round) => sum + round.length, 0),
  }));
}
