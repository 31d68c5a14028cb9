import type { Session } from '../flow/session.ts';
import { follow, type MeasuringEvent } from '../measure/events.ts';
import type { Plan } from '../model/plan.ts';
import type { Sample } from '../model/results.ts';
import { takeLock, type Lock, type LockOptions } from './lock.ts';

/**
 * Progress of a measurement. Events come between two batches only, so that a slow listener prolongs the run but does
 * not change what is measured.
 */
export type ProgressEvent =
  /** The plan; a tuning has one for the screening and one for the finalists. */
  | { readonly kind: 'planned'; readonly cells: readonly string[]; readonly blocks: number }
  /** Calibration is complete: the estimated duration of the measurement. */
  | { readonly kind: 'estimated'; readonly durationMs: number }
  | { readonly kind: 'sample'; readonly cell: string; readonly sample: Sample }
  /** A block was measured; `block` is 0-based, and a disturbed one comes a second time. */
  | { readonly kind: 'block'; readonly workload: string; readonly block: number; readonly blocks: number }
  /** All blocks of this workload have been measured. */
  | { readonly kind: 'workload'; readonly workload: string };

/** Options to watch and to end a measurement. */
export interface Watching {
  /**
   * When aborted, the current batch is finished, and the results have `complete: false`; with too few samples to
   * compare, they recommend nothing.
   */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /**
   * If another process is measuring on this machine: `'refuse'` (the default) throws, `'wait'` waits for its end,
   * `'ignore'` measures anyway.
   */
  readonly lock?: LockOptions['mode'];
}

type Watched = { readonly [Key in keyof Watching]?: Watching[Key] | undefined };

/** The session of a program that calls the library: reports progress to it, returns the results, and prints nothing. */
export class LibrarySession<Asked, Found> implements Session<Asked, Found, Found> {
  readonly signal: AbortSignal;
  readonly #asked: Asked;
  readonly #watching: Watched;
  #locked: Promise<Lock> | undefined;

  constructor(asked: Asked, watching: Watched = {}) {
    this.#asked = asked;
    this.#watching = watching;
    this.signal = watching.signal ?? new AbortController().signal;
  }

  readonly ask = (): Asked => this.#asked;

  readonly lock = (): Promise<Lock> =>
    (this.#locked ??= takeLock({ mode: this.#watching.lock ?? 'refuse', signal: this.signal }));

  readonly follow: Session<Asked, Found, Found>['follow'] = ({ plan }, measuring) => {
    const { onProgress } = this.#watching;
    onProgress?.(plannedEvent(plan));
    return follow(measuring, (event) => {
      const progress = onProgress && progressEvent(event);
      if (progress !== undefined) onProgress?.(progress);
    });
  };

  readonly report = (found: Found): Found => found;

  async close(): Promise<void> {
    (await this.#locked?.catch(() => undefined))?.release();
  }
}

/** Runs a flow in a new session, and closes it. @returns the result of the flow */
export async function inSession<Asked, Found>(
  asked: Asked,
  watching: Watched,
  flow: (session: Session<Asked, Found, Found>) => Promise<Found>,
): Promise<Found> {
  const session = new LibrarySession<Asked, Found>(asked, watching);
  try {
    return await flow(session);
  } finally {
    await session.close();
  }
}

function plannedEvent({ groups }: Plan): ProgressEvent {
  return {
    kind: 'planned',
    cells: groups.flatMap((group) => group.cells.map(({ id }) => id)),
    blocks: groups.reduce((sum, { blocks }) => sum + blocks.length, 0),
  };
}

/** The event for a listener; undefined for events that concern only the journal. */
function progressEvent(event: MeasuringEvent): ProgressEvent | undefined {
  switch (event.kind) {
    case 'tried': {
      const durationMs = event.estimates.flatMap(({ blocksMs }) => blocksMs).reduce((sum, ms) => sum + ms, 0);
      return { kind: 'estimated', durationMs };
    }
    case 'sample':
      return event;
    case 'block': {
      const { workload, blocks } = event.group;
      return { kind: 'block', workload: workload.name, block: event.block, blocks: blocks.length };
    }
    case 'group':
      return { kind: 'workload', workload: event.group.workload.name };
    case 'raced':
    case 'saved':
      return undefined;
    default:
      return event satisfies never;
  }
}
