import type { Options } from 'yargs';
import { LanewiseError } from '../model/errors.ts';
import type { LockOptions } from '../session/lock.ts';
import { isSet, type Args } from './args.ts';

const BESIDE = { group: 'Beside another Lanewise:' };

/** The flags of whatever measures. */
export const LOCK_FLAGS = {
  wait: { type: 'boolean', description: 'wait until it has ended', ...BESIDE },
  lock: {
    type: 'boolean',
    default: undefined,
    description: 'refuse to disturb it; --no-lock measures all the same [yes]',
    ...BESIDE,
  },
} as const satisfies Record<string, Options>;

/** @throws LanewiseError for flags that contradict each other */
export function lockOptions(args: Args): LockOptions {
  if (!isSet(args, 'wait')) return { mode: args.lock === false ? 'ignore' : 'refuse' };
  if (args.lock === false)
    throw new LanewiseError('usage', 'Give either --wait or --no-lock: a run either waits for another or does not.');
  return {
    mode: 'wait',
    onWait: (holder) => {
      const who = holder === undefined ? 'another Lanewise' : `the Lanewise of process ${holder.pid}`;
      process.stderr.write(`Waiting for ${who} to end; Ctrl-C to give up.\n`);
    },
  };
}
