import type { Tone } from '../document.ts';
import type { Style } from '../paint.ts';

/** How a tone is coloured in a terminal. */
export const STYLES: Readonly<Record<Tone, Style>> = {
  strong: 'bold',
  quiet: 'dim',
  good: 'green',
  bad: 'red',
  unsure: 'yellow',
};

/** What stands before an item of a list, so that no colour is needed. */
export function markOf(tone: Tone | undefined): '✓' | '✗' | undefined {
  return tone === 'good' ? '✓' : tone === 'bad' ? '✗' : undefined;
}
