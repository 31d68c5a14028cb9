import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writtenStrategy } from '../../dist/src/model/asked-strategy.js';
import type { Kind } from '../../dist/src/options/option.js';
import { MEASURING } from '../../dist/src/options/measuring.js';
import { TUNING } from '../../dist/src/options/tuning.js';

/** As it is written on the command line. */
const parsed =
  <Value>({ kind }: { readonly kind: Kind<Value, unknown> }, name = '--it') =>
  (...texts: readonly string[]): Value =>
    kind.parse(texts, name);

describe('JSON of the command line', () => {
  it('JSON on the command line has a limit of nesting', () => {
    const input = parsed(MEASURING.input, '--input');
    expect(input('[[1]]')).toEqual([[1]]);
    expect(() => input('['.repeat(5000))).toThrow('Invalid --input: it is nested more than 1000 deep.');
    expect(parsed(MEASURING.params)(`deep=${'['.repeat(5000)}`)).toEqual({ deep: ['['.repeat(5000)] });
  });
});

describe('pool sizes', () => {
  const parse = parsed(MEASURING.poolSizes);

  it.each([
    [['1,2,4'], [1, 2, 4]],
    [['1..4'], [1, 2, 3, 4]],
    [['cores'], [{ perCore: 1 }]],
    [['2*cores'], [{ perCore: 2 }]],
    [
      ['1', '2,cores', '2'],
      [1, 2, { perCore: 1 }],
    ],
    [['1,cores,1*cores'], [1, { perCore: 1 }]],
  ])('--pool-size %j is parsed as %j', (texts, sizes) => {
    expect(parse(...texts)).toEqual(sizes);
  });

  it.each(['0', '1.5', '-1', 'abc', '', '4..1', '0..2', '0*cores', '1e3', '9999999999', '2*', 'cores*2'])(
    '--pool-size %j is refused in a sentence with the expected form',
    (value) => {
      expect(() => parse(value)).toThrow(/^Invalid --it ".*": expected whole numbers from 1 to 1024, a range/);
    },
  );

  it('--predict accepts at most 64 pool sizes', () => {
    const predicted = parsed(MEASURING.predict, '--predict');
    expect(predicted('1..64')).toHaveLength(64);
    expect(() => predicted('1..1024')).toThrow(
      'Invalid --predict "1024 sizes": expected at most 64, such as 8,16,32,64.',
    );
  });

  it('--pool-size 1..8 means all sizes of the range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 50 }), (from, more) => {
        expect(parse(`${from}..${from + more}`)).toHaveLength(more + 1);
      }),
    );
  });
});

describe('strategies', () => {
  const parse = parsed(MEASURING.strategies, '--strategy');

  it('--strategy keeps the order and repeated names', () => {
    expect(parse('worker-threads,event-loop', 'worker-threads').map(writtenStrategy)).toEqual([
      'worker-threads',
      'event-loop',
      'worker-threads',
    ]);
  });

  it('an unknown strategy is refused with the nearest name', () => {
    expect(() => parse('worker-thread')).toThrow('Unknown strategy "worker-thread". Did you mean "worker-threads"?');
  });

  it.each(['event-loop@1x8', 'event-loop@1xall', 'worker-threads@4x8', 'child-processes@4', 'thread-per-task@2'])(
    '--strategy accepts a single configuration: %s',
    (configuration) => {
      expect(parse(configuration)).toMatchObject([{ kind: 'configuration', written: configuration }]);
    },
  );

  it.each([
    [
      'event-loop@8',
      'event-loop has one worker, the main thread. For at most 8 tasks at once: --strategy event-loop@1x8.',
    ],
    ['sequential@4', 'sequential has one worker, the main thread. For one task at a time: --strategy sequential.'],
    ['worker-thread@4x8', 'Did you mean "worker-threads@4x8"?'],
    ['worker-threads@', 'Expected a strategy with its workers and concurrency, as worker-threads@8x1'],
    ['worker-threads~uv16', 'the number of workers is missing. Write worker-threads@4, or worker-threads@4x2'],
    ['thread-per-task@2x4', 'thread-per-task runs one task at a time in each worker. Write thread-per-task@2.'],
    ['worker-threads@0', 'Invalid --strategy "worker-threads@0": expected a whole number from 1 to 1024'],
    ['worker-threads@2xmany', 'Invalid --strategy "worker-threads@2xmany": expected whole numbers from 1, or all.'],
  ])('--strategy %s is refused in a sentence with the expected form', (configuration, sentence) => {
    expect(() => parse(configuration)).toThrow(sentence);
  });
});

describe('the present configuration', () => {
  it('--current means the same as a text and as an object', () => {
    const { kind } = TUNING.current;
    const setting = { strategy: 'worker-threads', poolSize: 4, concurrency: 2 };
    expect(kind.parse(['worker-threads@4x2'], '--current')).toEqual(setting);
    expect(kind.check(setting, '"current"')).toEqual(setting);
    expect(() => kind.check({ strategy: 'worker-threads' }, '"current"')).toThrow('the number of workers is missing');
  });
});

describe('concurrency', () => {
  const parse = parsed(MEASURING.concurrency);

  it('--concurrency accepts numbers and all', () => {
    expect(parse('1,4', 'all', '4')).toEqual([1, 4, 'all']);
  });

  it.each(['0', '-1', 'some', '1.5', ''])('--concurrency %j is refused', (value) => {
    expect(() => parse(value)).toThrow(/^Invalid --it ".*": expected whole numbers from 1, or all\.$/);
  });
});

describe('params', () => {
  const parse = parsed(MEASURING.params);

  it('--param has each value once, and parses numbers and JSON', () => {
    expect(parse('n=1,1e0,2', 'kind=a,b', 'list=[1,2]')).toEqual({ n: [1, 2], kind: ['a', 'b'], list: [[1, 2]] });
  });

  it('--param needs a value, and is refused if given twice', () => {
    expect(() => parse('n=1', 'n=2')).toThrow('Invalid --param "n": given twice. List its values once');
    expect(() => parse('n')).toThrow('Invalid --param "n": expected name=value');
    expect(() => parse('n=')).toThrow('Invalid --param "n=": expected name=value');
  });
});

it('a strategy that is refused in code is quoted whole, behind the name of the setting', () => {
  expect(() => MEASURING.strategies.kind.check(['worker-threads@2xmany'], '"strategies"')).toThrow(
    'Invalid "strategies" "worker-threads@2xmany": expected whole numbers from 1, or all.',
  );
});

it('an empty list of inputs is refused, and what cannot be sent to a host', () => {
  const { inputs, input } = MEASURING;
  expect(() => inputs.kind.check([], '"inputs"')).toThrow(
    'Invalid "inputs": the list is empty. Give at least one input.',
  );
  expect(() => inputs.kind.check([1, { call: () => 1 }], '"inputs"')).toThrow(
    '"inputs" must be data that can be cloned: that of task 2 cannot.',
  );
  expect(() => input.kind.check(Symbol('x'), '"input"')).toThrow(
    '"input" must be data that can be cloned, and is Symbol(x).',
  );
  expect(input.kind.check(new Map([[1, 2n]]), '"input"')).toEqual(new Map([[1, 2n]]));
});

describe('the minimum effect', () => {
  const parse = parsed(MEASURING.minEffect);

  it('--min-effect accepts a percentage or a fraction', () => {
    expect(parse('5%')).toBe(0.05);
    expect(parse('0.05')).toBe(0.05);
  });

  it.each(['0', '0%', '100%', '-5%', 'x', '', '1'])('--min-effect %j is refused', (value) => {
    expect(() => parse(value)).toThrow(
      /^Invalid --it ".*": expected a percentage above 0% and below 100%, such as 5%\.$/,
    );
  });
});

describe('a count', () => {
  it.each(['0', '-1', '1.5', 'x', '', '99999999999999999999'])(
    'the count %j is refused where at least 1 is needed',
    (value) => {
      expect(() => parsed(MEASURING.blocks, '--blocks')(value)).toThrow('expected a whole number from 1 to 10000.');
    },
  );

  it('without a limit of its own names that of whole numbers where it is exceeded', () => {
    expect(() => parsed(MEASURING.seed, '--seed')('99999999999999999999')).toThrow(
      'expected a whole number from 0 to 9007199254740991.',
    );
    expect(() => parsed(MEASURING.seed, '--seed')('x')).toThrow('expected a whole number from 0.');
  });
});

describe('a list', () => {
  it('has no empty item', () => {
    expect(() => parsed(MEASURING.strategies, '--strategy')('event-loop,')).toThrow(
      'Invalid --strategy "event-loop,": an item of the list is empty.',
    );
  });
});
