import { expect, it } from 'vitest';
import { withValues } from '../../dist/src/cli/yargs-command.js';
import { valuesOf } from '../../dist/src/options/values.js';

it('a flag with an optional value, as --wait, gets its default only if no number follows', () => {
  expect(withValues(['run', '--wait'])).toEqual(['run', '--wait=10m']);
  expect(withValues(['run', '--wait', './work.mjs'])).toEqual(['run', '--wait=10m', './work.mjs']);
  expect(withValues(['run', '--wait', '30s', 'primes'])).toEqual(['run', '--wait', '30s', 'primes']);
  expect(withValues(['doctor', '--wait=1m', '--wait'])).toEqual(['doctor', '--wait=1m', '--wait=10m']);
  // One that has no such flag says so itself.
  expect(withValues(['list', '--wait'])).toEqual(['list', '--wait']);
  expect(withValues(['--version'])).toEqual(['--version']);
});

it('--wait accepts a duration', () => {
  expect(valuesOf('run', { wait: '90s' })).toEqual({ wait: 90_000 });
  expect(() => valuesOf('run', { wait: '5x' })).toThrow(/--wait/);
});
