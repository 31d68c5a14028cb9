import { describe, expect, it } from 'vitest';
import { forbiddenIn } from '../../../dist/scripts/build/check-words.js';

describe('forbidden phrases', () => {
  it.each([
    ['/** Of the user: what is told. */', 'told'],
    ['/** What it is. */', '/** What'],
    ['the report tells how', 'tells'],
    ['every way was measured', 'every way'],
    ['1.63 times as fast', 'times as fast'],
    ['at 95 % of the time', '5 %'],
    ['the ceiling of the machine', 'ceiling'],
    ['a speed-up of 2', 'speed-up'],
    ['within the margin', 'margin'],
    ['takes 2 times as long', '2 times as long'],
  ])('are found in %j, with their line and a replacement', (text, phrase) => {
    const found = forbiddenIn('a.ts', `const a = 1;\n${text}`);
    expect(found.map((one) => one.phrase)).toContain(phrase);
    for (const { place, instead } of found) {
      expect(place).toBe('a.ts:2');
      expect(instead).not.toBe('');
    }
  });

  it('are not the words of the glossary, nor arithmetic', () => {
    const text = '2 child processes are 1.63× as fast as the event loop (99.3% CI 1.34–1.82): speedup, upper bound.';
    expect(forbiddenIn('a.md', text)).toEqual([]);
    expect(forbiddenIn('a.ts', 'const isOdd = index % 2 === 1; const rest = 7 % 2;')).toEqual([]);
  });

  it('are not the margins of style sheets, nor a margin of error', () => {
    expect(forbiddenIn('style.ts', 'main { margin: 0 auto; } h2 { margin-top: 22px; }')).toEqual([]);
    expect(forbiddenIn('a.md', 'mean ± margin of error')).toEqual([]);
  });
});
