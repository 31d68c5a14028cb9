import { EXIT_STATUS } from '../model/errors.ts';

import { isToOutlive } from '../system/hang-up.ts';

/** What asks a run to end. */
const SIGNALS = isToOutlive() ? (['SIGINT', 'SIGTERM'] as const) : (['SIGINT', 'SIGTERM', 'SIGHUP'] as const);

export interface Interruption {
  readonly signal: AbortSignal;
  /** From here on there is something to keep. */
  readonly begin: () => void;
  /** Gives the signals back to Node. */
  readonly end: () => void;
}

/**
 * The first signal asks the run to end, and `stopping` says when it will; the second, or one before
 * anything was started, ends the process and with it every host.
 */
export function interruptible(stopping = 'Stopping after the batch in hand; once more to stop at once.'): Interruption {
  const abort = new AbortController();
  let hasBegun = false;
  const onSignal = (): void => {
    if (!hasBegun) process.stderr.write('lanewise: Interrupted before anything was measured.\n');
    if (!hasBegun || abort.signal.aborted) process.exit(EXIT_STATUS.interrupted);
    abort.abort();
    process.stderr.write(`\n${stopping}\n`);
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    signal: abort.signal,
    begin: () => {
      hasBegun = true;
    },
    end: () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}
