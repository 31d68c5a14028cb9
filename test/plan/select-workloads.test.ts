import { describe, expect, it } from 'vitest';
import { selectWorkloads } from '../../dist/src/plan/select-workloads.js';

const names = (asked: readonly string[]): string[] =>
  selectWorkloads(asked).map((place) => (place.kind === 'shipped' ? place.name : place.path));

describe('selectWorkloads', () => {
  it('takes the default suite when nothing is named', () => {
    expect(names([])).toEqual(['primes', 'http', 'fetch-and-parse']);
  });

  it('takes names, globs of names and paths, each once', () => {
    expect(names(['primes', 'password-*', './a b/ü.js', 'primes'])).toEqual([
      'primes',
      'password-hash',
      'password-hash-async',
      './a b/ü.js',
    ]);
    expect(names(['*'])).toHaveLength(15);
  });

  it('offers the nearest name for one that is not there', () => {
    expect(() => names(['prime'])).toThrow('Unknown workload "prime". Did you mean "primes"?');
    expect(() => names(['x-*'])).toThrow('Unknown workload "x-*".');
    expect(names(['some-package#resize', './work.js'])).toEqual(['some-package#resize', './work.js']);
    // This folder has that file.
    expect(() => names(['vitest.config'])).toThrow('Did you mean "./vitest.config.ts"?');
    expect(() => names([''])).toThrow('Unknown workload "".');
    expect(() => names(['*'.repeat(100_000)])).toThrow(`Unknown workload "${'*'.repeat(100)}…".`);
  });
});
