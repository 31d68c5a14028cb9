import type { ClaimValue, Language, TaughtClaim } from '../../model/lessons.ts';
import { english } from './english.ts';
import { portuguese } from './portuguese.ts';

/** Text around the lessons in one language: a translation that misses some of it does not compile. */
export type Words = typeof english;

export const WORDS: Readonly<Record<Language, Words>> = { en: english, pt: portuguese };

/** A measured value as it reads in a sentence. */
function valueText(value: ClaimValue, unit: 'ms' | undefined, words: Words): string {
  if (value === null) return words.nothing;
  switch (typeof value) {
    case 'number':
      return unit === 'ms' ? words.drawing.ms(value) : words.number(value);
    case 'boolean':
      return value ? words.yes : words.no;
    case 'string':
      return value;
    default:
      return value.map((item) => nested(item, words)).join(', ') || words.nothing;
  }
}

/** A claim with its measured value; a failed one also with the expected value. */
export function claimText({ text, expected, measured, unit, pass }: TaughtClaim, words: Words): string {
  const found = `${text}: ${valueText(measured, unit, words)}`;
  return pass ? found : `${found} (${words.expected} ${valueText(expected, unit, words)})`;
}

function nested(value: ClaimValue, words: Words): string {
  const text = valueText(value, undefined, words);
  return typeof value === 'object' && value !== null ? `[${text}]` : text;
}
