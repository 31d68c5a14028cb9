import type { Options } from '../model.ts';
import { plural } from './numbers.ts';

/** How many blocks and rounds: of a run that may end before the last look, at which numbers of blocks it looked. */
export function evidenceText({ blocks, rounds, looks }: Options): string {
  const most =
    looks === undefined ? plural(blocks, 'block') : `until decided, looked at after ${looks.join(', ')} blocks,`;
  return `${most} of ${plural(rounds, 'round')}`;
}
