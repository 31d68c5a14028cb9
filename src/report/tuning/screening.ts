import type { Cell, InFlight, MeasuredCell, TuningGoal } from '../../model/results.ts';
import type { Tuned } from '../../stats/groups.ts';
import { percent, ratio, threeDigits } from '../numbers.ts';
import { traitsOf } from '../../model/strategies.ts';

/** What was screened, as a map: a row for each pool, a column for each number of tasks in flight. */
export interface ScreeningMap {
  /** What the numbers are. */
  readonly title: string;
  /** What a number in parentheses is; undefined: there is none. */
  readonly note: string | undefined;
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly (ScreenedCell | undefined)[] }[];
}

interface ScreenedCell {
  readonly cell: Cell;
  /** What is shown of it: `0.97`, `failed`. */
  readonly text: string;
  /** From 0 to 1, the best: how near it comes at what was asked for; 0 of one that failed. */
  readonly share: number;
}

const WHAT: Readonly<
  Record<TuningGoal['for'], { readonly title: string; readonly read: (cell: MeasuredCell) => number }>
> = {
  throughput: { title: 'share of the best throughput', read: ({ summary }) => summary.wallMs.median },
  latency: { title: 'p99 of a task, ms', read: ({ summary }) => summary.taskMs.p99 },
  responsiveness: { title: 'event-loop delay p99, ms', read: ({ summary }) => summary.loopDelayMs.p99 },
  memory: { title: 'memory, MiB', read: ({ summary }) => summary.memoryMiB ?? Number.NaN },
};

export function screeningMap({ screened: cells, goal }: Tuned): ScreeningMap {
  const { title, read } = WHAT[goal.for];
  const ok = cells.filter((cell) => cell.status === 'ok');
  const shortest = Math.min(...ok.map(({ summary }) => summary.wallMs.median));
  const isSlow = ({ summary }: MeasuredCell): boolean =>
    goal.for !== 'throughput' && shortest / summary.wallMs.median < goal.minThroughput;
  const best = Math.min(...ok.filter((cell) => !isSlow(cell)).map(read));
  const show = (cell: Cell): ScreenedCell => {
    if (cell.status === 'failed') return { cell, text: 'failed', share: 0 };
    const text = goal.for === 'throughput' ? ratio(best / read(cell)) : threeDigits(read(cell));
    return isSlow(cell)
      ? { cell, text: `(${text})`, share: 0 }
      : { cell, text, share: read(cell) === 0 ? 1 : best / read(cell) };
  };
  const flights = [...new Set(cells.map(({ inFlight }) => inFlight))].toSorted((a, b) => numberOf(a) - numberOf(b));
  const names = [...new Set(cells.map(rowName))];
  return {
    title,
    note: ok.some(isSlow)
      ? `in parentheses: less than ${percent(goal.minThroughput)} of the best throughput`
      : undefined,
    columns: flights.map(String),
    rows: names.map((name) => ({
      name,
      cells: flights.map((inFlight) => {
        const cell = cells.find((other) => rowName(other) === name && other.inFlight === inFlight);
        return cell && show(cell);
      }),
    })),
  };
}

function numberOf(inFlight: InFlight): number {
  return inFlight === 'all' ? Number.POSITIVE_INFINITY : inFlight;
}

/** `worker-threads@2`: the cell but for its tasks in flight. */
function rowName(cell: Cell): string {
  const { strategy, poolSize, uvThreads } = cell;
  return `${strategy}${traitsOf(cell).isSized ? `@${poolSize}` : ''}${uvThreads === undefined ? '' : `~uv${uvThreads}`}`;
}
