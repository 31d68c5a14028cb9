import { describe, expect, it } from 'vitest';
import { byName } from '../../dist/src/model/asked-strategy.js';
import { MEASURING } from '../../dist/src/options/measuring.js';
import { TUNING } from '../../dist/src/options/tuning.js';
import { writeCommand } from '../../dist/src/options/values.js';

describe('the written form of an option', () => {
  it.each([
    [MEASURING.workloads.kind, ['primes', './a,b.js']],
    [MEASURING.strategies.kind, byName('event-loop', 'worker-threads')],
    [MEASURING.baseline.kind, { kind: 'module', path: './mine.js' }],
    [MEASURING.poolSizes.kind, [1, { perCore: 1 }, { perCore: 2 }]],
    [MEASURING.concurrency.kind, [1, 'all']],
    [MEASURING.tasks.kind, 8],
    [MEASURING.params.kind, { bytes: [1, 2], kind: ['a'], list: [[1, 2]] }],
    [MEASURING.input.kind, { n: 40 }],
    [MEASURING.preset.kind, 'quick'],
    [MEASURING.minEffect.kind, 0.07],
    [MEASURING.timeoutMs.kind, 1500],
    [MEASURING.nodeOptions.kind, ['--a --b', '']],
    [TUNING.current.kind, { strategy: 'worker-threads', poolSize: 4, concurrency: 2 }],
    [TUNING.maxMemoryMiB.kind, 512],
    [TUNING.uvThreads.kind, [4, 16]],
  ])('the written form of an option parses to the same value: case %#', (kind, value) => {
    expect(kind.parse(kind.write(value), '--it')).toEqual(value);
    expect(kind.check(value, '"it"')).toEqual(value);
  });
});

it('a written command has its arguments first, then the flags that were given', () => {
  const values = { workloads: ['primes'], untilDecided: true, upperBound: false, tasks: null, seed: 7 };
  expect(writeCommand('run', values)).toBe('lanewise run primes --until-decided --no-upper-bound --seed 7');
});
