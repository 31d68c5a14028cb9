import type { Session } from '../flow/session.ts';
import { follow, type MeasuringEvent } from '../measure/events.ts';
import type { Plan } from '../model/plan.ts';
import type { Sample } from '../model/results.ts';
import { takeLock, type Lock, type LockOptions } from './lock.ts';

/** What happens while work is measured. Told between two batches only: a listener that computes for long makes the run longer, and nothing slower. */
export type ProgressEvent =
  /** What will be measured; of a tuning, once for the screening and once for the finalists. */
  | { readonly kind: 'planned'; readonly cells: readonly string[]; readonly blocks: number }
  /** Everything was tried out: so long the measuring will take, about. */
  | { readonly kind: 'estimated'; readonly durationMs: number }
  | { readonly kind: 'sample'; readonly cell: string; readonly sample: Sample }
  /** A block was measured; `block` is 0-based, and one that was disturbed comes a second time. */
  | { readonly kind: 'block'; readonly workload: string; readonly block: number; readonly blocks: number }
  /** No more blocks of this workload will be measured. */
  | { readonly kind: 'workload'; readonly workload: string };

/** How a measurement is watched and ended. */
export interface Watching {
  /** Aborted: the current batch is finished, and the results say `complete: false`; where too little was measured to compare, they recommend nothing. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** While another process measures on this machine: `'refuse'` (the default) throws, `'wait'` waits for its end, `'ignore'` measures all the same. */
  readonly lock?: LockOptions['mode'];
}

type Watched = { readonly [Key in keyof Watching]?: Watching[Key] | undefined };

/** A program that calls the library: it is told what happens, and given what was found. Prints nothing. */
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
      const told = onProgress && progressEvent(event);
      if (told !== undefined) onProgress?.(told);
    });
  };

  readonly report = (found: Found): Found => found;

  async close(): Promise<void> {
    (await this.#locked?.catch(() => undefined))?.release();
  }
}

/** Goes through a flow in a session of its own. @returns what it found */
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

/** Undefined: that is the business of a journal only. */
function progressEvent(event: MeasuringEvent): ProgressEvent | undefined {
  switch (event.kind) {
    case 'tried': {
      const durationMs = event.estimates.reduce((sum, { group, blockMs }) => sum + group.blocks.length * blockMs, 0);
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
    case 'saved':
      return undefined;
    default:
      return event satisfies never;
  }
}
