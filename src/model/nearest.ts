import { closest, distance } from 'fastest-levenshtein';

/**
 * ` Did you mean "x"?` if one of the known names is near what was written, otherwise nothing.
 *
 * @param rest what was written after the name, and is right
 */
export function didYouMean(written: string, known: readonly string[], rest = ''): string {
  if (known.length === 0) return '';
  const nearest = closest(written, [...known]);
  return distance(written, nearest) <= Math.max(2, written.length / 3) ? ` Did you mean "${nearest}${rest}"?` : '';
}
