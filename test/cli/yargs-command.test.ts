import { expect, it } from 'vitest';
import { checkDashes, checkSwitches, withPlainWords, withValues } from '../../dist/src/cli/yargs-command.js';
import { valuesOf } from '../../dist/src/options/values.js';

it('a flag with an optional value, as --wait, gets its default only if no number follows', () => {
  expect(withValues(['run', '--wait'])).toEqual(['run', '--wait=10m']);
  expect(withValues(['run', '--wait', './work.mjs'])).toEqual(['run', '--wait=10m', './work.mjs']);
  expect(withValues(['run', '--wait', '30s', 'primes'])).toEqual(['run', '--wait', '30s', 'primes']);
  expect(withValues(['run', '--wait', '1.5m', 'primes'])).toEqual(['run', '--wait', '1.5m', 'primes']);
  expect(withValues(['run', '--wait', '1m30s'])).toEqual(['run', '--wait', '1m30s']);
  expect(withValues(['run', '--wait', '5.js'])).toEqual(['run', '--wait=10m', '5.js']);
  expect(withValues(['doctor', '--wait=1m', '--wait'])).toEqual(['doctor', '--wait=1m', '--wait=10m']);
  // One that has no such flag says so itself.
  expect(withValues(['list', '--wait'])).toEqual(['list', '--wait']);
  expect(withValues(['--version'])).toEqual(['--version']);
});

it('--wait accepts a duration', () => {
  expect(valuesOf('run', { wait: '90s' })).toEqual({ wait: 90_000 });
  expect(() => valuesOf('run', { wait: '5x' })).toThrow(/--wait/);
});

it('what follows -- is never a flag', () => {
  expect(withPlainWords(['run', 'noop', '--', 'primes', '--strategy', '-x.mjs'])).toEqual([
    'run',
    'noop',
    'primes',
    './--strategy',
    './-x.mjs',
  ]);
  expect(withPlainWords(['run', '-p', '2'])).toEqual(['run', '-p', '2']);
});

it('a lone dash is no argument, which yargs would leave out', () => {
  const sentence = 'Invalid argument "-": give the path of a file; one of that name is ./-.';
  for (const args of [
    ['run', '-'],
    ['compare', 'a.json', '-', 'b.json'],
    ['run', 'primes', '--no-lock', '-'],
    ['-', 'run'],
    ['run', 'primes', '-', '-'],
  ])
    expect(() => checkDashes(args)).toThrow(sentence);
  for (const args of [['run', '--input', '-'], ['run', '-o', 'x'], ['run', './-'], withPlainWords(['run', '--', '-'])])
    expect(() => checkDashes(args)).not.toThrow();
});

it('a flag without a value refuses one, which yargs would read as a no', () => {
  for (const args of [
    ['list', '--json'],
    ['list', '--json=true'],
    ['list', '--no-json'],
    ['list', '--help=true'],
    ['run', '--out=json=yes'],
  ])
    expect(() => checkSwitches(args)).not.toThrow();
  for (const flag of ['--help', '--help-all', '--version', '--no-help', '-h', '-v'])
    for (const args of [[`${flag}=yes`], ['run', `${flag}=yes`]])
      expect(() => checkSwitches(args)).toThrow(`Invalid ${flag} "yes": it takes no value.`);
  expect(() => checkSwitches(['list', '--json=yes'])).toThrow(
    'Invalid --json "yes": it takes no value. Give --json, or --no-json.',
  );
  expect(() => checkSwitches(['report', 'x', '--no-quiet='])).toThrow('Invalid --no-quiet "": it takes no value.');
});
