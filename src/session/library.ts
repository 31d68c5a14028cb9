import type { Session } from '../flow/session.ts';
import { follow } from '../measure/events.ts';
import { LanewiseError, didYouMean } from '../model/errors.ts';
import type { CommandName } from '../options/option.ts';
import { inCode } from '../options/table.ts';
import { takeLock, type Lock, type LockOptions } from './lock.ts';
import { plannedEvent, progressEvent, type ProgressEvent } from './progress-event.ts';

/** Options to watch and to end a measurement. */
export interface Watching {
  /**
   * When aborted, the current batch is finished, and the results have `complete: false`; with too few samples to
   * compare, they recommend nothing.
   */
  readonly signal?: AbortSignal;
  /** If it throws, the measurement ends without results, and the call rejects with that error. */
  readonly onProgress?: (event: ProgressEvent) => void;
  /**
   * If another measurement is running on this machine, in this program or elsewhere: `'refuse'` (the default) throws,
   * `'wait'` waits for its end, `'ignore'` measures anyway.
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
    (this.#locked ??= takeLock({ mode: this.#watching.lock ?? 'refuse', signal: this.signal, isCode: true }));

  readonly follow: Session<Asked, Found, Found>['follow'] = async ({ plan }, measuring) => {
    const { pass, settle } = toListener(this.#watching.onProgress);
    pass(plannedEvent(plan));
    const found = await follow(measuring, (event) => pass(progressEvent(event)));
    await settle();
    return found;
  };

  readonly report = (found: Found): Found => found;

  async close(): Promise<void> {
    (await this.#locked?.catch(() => undefined))?.release();
  }
}

/** Passes events on to a listener, whose error ends the measurement: that of an async function at the next event. */
export function toListener<Event>(listen: ((event: Event) => unknown) | undefined) {
  let failure: { readonly thrown: unknown } | undefined;
  const answers: Promise<unknown>[] = [];
  const check = (): void => {
    if (failure !== undefined) throw failure.thrown;
  };
  return {
    pass: (event: Event | undefined): void => {
      check();
      if (event === undefined || listen === undefined) return;
      const answer = listen(event);
      if (!(answer instanceof Promise)) return;
      const noted = answer.catch((thrown: unknown) => {
        failure ??= { thrown };
      });
      answers.push(noted);
    },
    /** Waits for the listener to be done. */
    settle: async (): Promise<void> => {
      await Promise.all(answers);
      check();
    },
  };
}

const LOCK_MODES: readonly unknown[] = ['refuse', 'wait', 'ignore'] satisfies LockOptions['mode'][];

/** How a call is watched, with its own kind of listener. */
type WatchedBy<Options> = Pick<Watched, 'signal' | 'lock'> & {
  readonly onProgress: Options extends { readonly onProgress?: infer Listener } ? Listener | undefined : undefined;
};

/**
 * Separates the settings of a call from how it is watched.
 *
 * @param where name of the function, for errors
 * @throws LanewiseError for what is no object of options, and for anything that cannot watch
 */
export function checkCall<Options extends object>(
  where: string,
  options: Options | undefined,
): { readonly settings: Omit<Options, keyof Watching>; readonly watching: WatchedBy<Options> } {
  const given: unknown = options === undefined ? {} : options;
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new LanewiseError('usage', `${where} takes an object of options.`);
  const { signal, onProgress, lock, ...settings } = given as Options & WatchedBy<Options>;
  const invalid = (name: string, expected: string): LanewiseError =>
    new LanewiseError('usage', `${where}: Invalid "${name}": expected ${expected}.`);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw invalid('signal', 'an AbortSignal');
  if (onProgress !== undefined && typeof onProgress !== 'function') throw invalid('onProgress', 'a function');
  if (lock !== undefined && !LOCK_MODES.includes(lock)) throw invalid('lock', "'refuse', 'wait' or 'ignore'");
  return { settings, watching: { signal, onProgress, lock } };
}

/** @throws LanewiseError for settings of a call that it does not have */
export function refuseUnknown(where: string, unknown: object, known: readonly string[]): void {
  for (const name of Object.keys(unknown))
    throw new LanewiseError('usage', `${where}: unknown setting "${name}".${didYouMean(name, known)}`);
}

/**
 * Runs a flow in a new session, and closes it.
 *
 * @param where name of the function
 * @returns the result of the flow
 * @throws LanewiseError that speaks of settings, where the command of that name would speak of flags
 */
export async function inSession<Asked, Found>(
  where: CommandName,
  asked: Asked,
  watching: Watched,
  flow: (session: Session<Asked, Found, Found>) => Promise<Found>,
): Promise<Found> {
  const session = new LibrarySession<Asked, Found>(asked, watching);
  try {
    return await flow(session);
  } catch (error) {
    if (!(error instanceof LanewiseError)) throw error;
    const message = inCode(where, error.message);
    if (message === error.message) throw error;
    throw new LanewiseError(error.code, message, { cause: error });
  } finally {
    await session.close();
  }
}
