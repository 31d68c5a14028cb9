import type { Verdict } from '../model/results.ts';
import type { Style } from './paint.ts';

/** How a verdict is coloured, wherever it is told. */
export const VERDICT_STYLES: Readonly<Record<Verdict, Style>> = {
  faster: 'green',
  slower: 'red',
  same: 'dim',
  inconclusive: 'yellow',
};
