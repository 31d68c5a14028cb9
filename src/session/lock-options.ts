import { LanewiseError } from '../model/errors.ts';
import type { LockOptions } from './lock.ts';

/** What is to be done while another Lanewise measures. @throws LanewiseError for values that contradict each other */
export function lockOptions({
  wait = false,
  lock = true,
}: {
  readonly wait?: boolean;
  readonly lock?: boolean;
}): LockOptions {
  if (!wait) return { mode: lock ? 'refuse' : 'ignore' };
  if (!lock)
    throw new LanewiseError('usage', 'Give either --wait or --no-lock: a run either waits for another or does not.');
  return {
    mode: 'wait',
    onWait: (holder) => {
      const who = holder === undefined ? 'another Lanewise' : `the Lanewise of process ${holder.pid}`;
      process.stderr.write(`Waiting for ${who} to end; Ctrl-C to give up.\n`);
    },
  };
}
