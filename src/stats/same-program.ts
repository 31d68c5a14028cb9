import type { CellLog } from '../model/measured.ts';
import type { Group, PlannedCell } from '../model/plan.ts';
import type { Cell } from '../model/results.ts';
import { ONE_BY_ONE, REFERENCE } from '../model/strategies.ts';
import type { ReportGroup } from './groups.ts';

/** Tasks that never wait are in flight one at a time; timestamps add a little. */
const ONE_IN_FLIGHT = 1.05;

/**
 * Cells on the main thread that run the program of another one there, since no task waits: `sequential`, and the event
 * loop with fewer tasks at once. They are no alternative to the baseline, or else to the event loop with all at once.
 */
export function sameAsLoop(cells: readonly Cell[], baseline: string | undefined): readonly Cell[] {
  const same = sameAmong(cells, baseline, hasOneInFlight);
  return cells.filter((cell) => cell.dropped?.isSameProgram === true || same.includes(cell));
}

/** Undefined: not measured. */
function hasOneInFlight(loop: Cell): boolean | undefined {
  return loop.status === 'ok' ? loop.summary.tasksInFlight <= ONE_IN_FLIGHT : undefined;
}

/** Ids of cells of a race that run the program of the baseline, by all batches so far: more would only show noise. */
export function sameInRace(group: Group, logs: readonly CellLog[]): readonly string[] {
  // Candidates of a tuning are screened, and versions compared with each other.
  if (group.selectBy !== undefined || group.compares !== 'with-baseline') return [];
  const running = logs.filter(({ error, droppedFor }) => error === undefined && droppedFor === undefined);
  const cells = running.map(({ cell, samples }) => ({
    ...cell,
    neverWaits: samples.length === 0 ? undefined : samples.every(({ tasksInFlight }) => tasksInFlight <= ONE_IN_FLIGHT),
  }));
  const baseline = cells.find(({ id }) => id === group.baseline);
  if (baseline === undefined) return [];
  const isSame = (cell: (typeof cells)[number]): boolean =>
    sameAmong([cell, baseline], baseline.id, ({ neverWaits }) => neverWaits).includes(cell);
  return cells.filter((cell) => cell !== baseline && isSame(cell)).map(({ id }) => id);
}

type Identity = Pick<PlannedCell, 'id' | 'strategy' | 'concurrency' | 'runtime' | 'uvThreads' | 'twin' | 'version'>;

function sameAmong<One extends Identity>(
  cells: readonly One[],
  baseline: string | undefined,
  neverWaits: (loop: One) => boolean | undefined,
): readonly One[] {
  const waiting = cells.filter((cell) => isLoop(cell) && !isOneByOne(cell) && neverWaits(cell) === false);
  const neverWaiting = cells.filter((cell) => isOneByOne(cell) || (isLoop(cell) && neverWaits(cell) === true));
  return neverWaiting.filter((cell) => {
    const alike = neverWaiting.filter((other) => isAlike(cell, other));
    // One by one, none is seen to wait, whatever it does; and where one waits with all at once, none never does.
    if (alike.every(isOneByOne) || waiting.some((other) => isAlike(cell, other))) return false;
    const kept =
      alike.find(({ id }) => id === baseline) ??
      alike.find(({ concurrency }) => concurrency === 'all') ??
      alike.find((other) => !isOneByOne(other));
    return cell !== kept;
  });
}

function isLoop({ strategy }: Identity): boolean {
  return strategy === REFERENCE;
}

function isOneByOne(cell: Identity): boolean {
  return cell.strategy === ONE_BY_ONE || (isLoop(cell) && cell.concurrency === 1);
}

function isAlike(a: Identity, b: Identity): boolean {
  return a.runtime === b.runtime && a.uvThreads === b.uvThreads && a.twin === b.twin && a.version === b.version;
}

/** Whether a cell runs the same program as the baseline: whatever differs between them is noise. */
export function isSameProgram(cell: Cell, { baseline, workload, isAA }: ReportGroup): boolean {
  // There, every cell is compared with its own older version, or its twin.
  if (baseline === undefined || workload.newerSource !== undefined || isAA) return false;
  return sameAsLoop([cell, baseline], baseline.id).includes(cell);
}
