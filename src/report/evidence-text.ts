import type { Options, Results } from '../model.ts';
import { duration, plural } from './numbers.ts';

/** How long it took; of a run that was gone on with, without the time between. */
export function timeText({ durationMs, resumedAt = [] }: Pick<Results, 'durationMs' | 'resumedAt'>): string {
  return resumedAt.length === 0 ? duration(durationMs) : `${duration(durationMs)} in ${resumedAt.length + 1} parts`;
}

/** How many blocks and rounds: of a run that may end before the last look, at which numbers of blocks it looked. */
export function evidenceText({ blocks, rounds, looks }: Options): string {
  const most =
    looks === undefined ? plural(blocks, 'block') : `until decided, looked at after ${looks.join(', ')} blocks,`;
  return `${most} of ${plural(rounds, 'round')}`;
}
