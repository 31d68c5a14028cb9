import { orAborted } from '../../workers/deferred.ts';
import { plainText } from '../../workers/describe-error.ts';
import { dueMs, pilingUpMs, probabilityOf, scheduleOf, windowAt, windowNumber } from '../model/arrivals.ts';
import type { Window } from '../model/load.ts';
import type { StoppingRules } from '../model/measured.ts';
import { pulsedMs, type PulsePlan } from '../model/pulse.ts';
import type { Group, RatedLoad } from '../model/plan.ts';
import type { CellHost, CellTurn, GroupContext } from './cell-hosts.ts';
import type { WindowEvent } from './events.ts';
import { requestWindow, type WindowOutcome } from './request-window.ts';

/** A window that ends early with no fewer unfinished tasks than these, however low the rate. */
const LEAST_BACKLOG = 20;

type Place = Pick<Window, 'block' | 'round' | 'position'>;

/**
 * Lets tasks arrive at the rate of the turn. All turns of a round have the same arrivals, each at its own rate; a window of a
 * high rate may have more after these.
 *
 * @returns undefined if it was interrupted, or in a search that needs no further window
 */
export async function measureWindow(
  context: GroupContext & { readonly rules: Pick<StoppingRules, 'nextRate'> },
  { log, host, turn }: CellTurn,
  place: Place,
): Promise<WindowEvent | undefined> {
  const load = ratedLoad(context.group);
  const isSearch = turn.rateIndex === undefined;
  const rate = isSearch ? context.rules.nextRate?.(context.group, log) : load.rates[turn.rateIndex];
  if (rate === undefined) return undefined;
  const run = (): Promise<WindowOutcome | undefined> =>
    runWindow(context, { log, host }, load, {
      rate,
      ...windowAt(load, rate),
      number: windowNumber({ ...(isSearch && SEARCH), ...place }),
    });
  const first = await run();
  if (first === undefined) return undefined;
  const isAgain = first.reading.state === 'driver-limited' && mayRepeat(context.group, log, place);
  const windowed = isAgain ? await run() : first;
  if (windowed === undefined) return undefined;
  const { reading, thrown, requests } = windowed;
  const window = {
    ...(isSearch && SEARCH),
    ...place,
    ...reading,
    ...(thrown && isNew(thrown, log, place) && { thrown: errorIn(thrown) }),
    ...(requests && { requests }),
    ...(isAgain && { repeated: refusedOf(first.reading) }),
  };
  (log.windows ??= []).push(window);
  return { kind: 'window', cell: log.cell.id, window };
}

/** The same error in every window would fill the results; a block may be measured again, and its windows forgotten. */
function isNew(
  { message }: NonNullable<WindowOutcome['thrown']>,
  { windows = [] }: CellHost['log'],
  { block }: Place,
): boolean {
  return windows.every((one) => one.block !== block || one.thrown?.message !== plainText(message));
}

/** As far as results have it: over HTTP, it is what unknown code has answered. */
function errorIn({ name, message, stack }: NonNullable<WindowOutcome['thrown']>): NonNullable<Window['thrown']> {
  return {
    name: plainText(name),
    message: plainText(message),
    ...(stack !== undefined && { stack: plainText(stack) }),
  };
}

const SEARCH = { phase: 'search' } as const;

/** Share of the windows of a configuration in a block that may be measured again, of which one may always. */
const REPEATED_SHARE = 1 / 4;

/**
 * A refused window is measured again at once, with the same arrivals: a moment in which the driver was late passes, and the
 * whole block takes as long as all of its windows.
 */
function mayRepeat({ blocks }: Group, { cell, windows = [] }: CellHost['log'], { block }: Place): boolean {
  const planned = blocks[block]?.flat().filter(({ id }) => id === cell.id).length ?? 0;
  const repeated = windows.filter((one) => one.block === block && one.repeated !== undefined).length;
  return repeated < Math.max(1, Math.floor(planned * REPEATED_SHARE));
}

function refusedOf({ wallMs, cpuMs, driver }: WindowOutcome['reading']): NonNullable<Window['repeated']> {
  return { limits: driver?.limits ?? [], wallMs, cpuMs: cpuMs + (driver?.cpus ?? 0) * wallMs };
}

interface WindowSize {
  /** Arrivals per second. */
  readonly rate: number;
  readonly requests: number;
  readonly settling: number;
  /** Windows of the same number have the same arrivals. */
  readonly number: number;
  /** It has no constant rate, and never ends early. */
  readonly pulse?: PulsePlan;
}

/**
 * Runs one window in an open host. An interruption does not wait for its end, which may be a minute away.
 *
 * @returns undefined if it was interrupted
 * @throws HostError if a task is lost, or the window does not end
 */
export async function runWindow(
  context: GroupContext,
  cellHost: CellHost,
  load: Pick<
    RatedLoad,
    'arrivals' | 'objective' | 'giveUpMs' | 'keepsRequests' | 'via' | 'connections' | 'probePerSecond'
  >,
  { rate, requests, settling, number, pulse }: WindowSize,
): Promise<WindowOutcome | undefined> {
  const { group, options, seed, equalWork, signal } = context;
  // A request beside the one that is being ended would wait for an answer that never comes.
  if (signal.aborted) return undefined;
  const { arrivals, objective, giveUpMs, keepsRequests } = load;
  const schedule = scheduleOf(arrivals, requests, group.workload.tasks, seed + number);
  const due = pulse === undefined ? dueMs(schedule, rate) : pulsedMs(schedule, pulse);
  const window = {
    rate,
    dueMs: due,
    inputs: schedule.inputs,
    settling,
    objectiveMs: objective.ms,
    quantile: probabilityOf(objective),
    ...(giveUpMs !== undefined && { giveUpMs }),
    mostUnfinished: pulse === undefined ? Math.max(LEAST_BACKLOG, (rate * pilingUpMs(objective)) / 1000) : requests + 1,
    keepsRequests,
  };
  const limitMs = (due.at(-1) ?? 0) + options.timeoutMs;
  const running: Promise<WindowOutcome> =
    load.via === 'http'
      ? requestWindow(context, cellHost, load, {
          window,
          limitMs,
          seed: seed + number,
          isPoisson: arrivals.kind === 'poisson' && pulse === undefined,
        })
      : cellHost.host.window(window, limitMs);
  const outcome = await orAborted<WindowOutcome | undefined>(running, signal, () => undefined);
  if (outcome === undefined) {
    // Its host will be killed.
    running.catch(() => undefined);
    return undefined;
  }
  equalWork.check(cellHost.log.cell.id, outcome.digests);
  return outcome;
}

/** @throws RangeError before its rates are known */
export function ratedLoad({ load }: Group): RatedLoad {
  if (load !== undefined && 'capacity' in load) return load;
  throw new RangeError('the rates of a load measurement are not known yet');
}
