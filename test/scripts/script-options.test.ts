import { expect, it } from 'vitest';
import { readOptions } from '../../dist/scripts/script-options.js';

const DEFAULTS = { runs: 5, out: 'evidence', write: false, from: [], only: undefined } as const;
const read = (...args: string[]) => readOptions(DEFAULTS, args);
const LISTED = `Options, with their defaults:
  --runs           5
  --out            evidence
  --write
  --from           (none)
  --only           (none)`;

it('the options of a script have the types of their defaults', () => {
  expect(read()).toEqual({ values: DEFAULTS });
  const given = ['--runs', '7', '--write', '--from', 'a', '--from', 'b', '--only', 'c', '--out=d'];
  expect(read(...given)).toEqual({ values: { runs: 7, out: 'd', write: true, from: ['a', 'b'], only: 'c' } });
});

it('a script lists its options', () => {
  for (const flag of ['--help', '-h']) expect(read(flag)).toEqual({ text: LISTED, status: 0 });
});

it.each([
  [['--rnus', '7'], "Unknown option '--rnus'."],
  [['--runs', 'many'], '--runs: expected a number.'],
  [['--runs='], '--runs: expected a number.'],
  [['--out'], "Option '--out <value>' argument missing."],
  [['--write=yes'], "Option '--write' does not take an argument."],
  [['quick'], "Unexpected argument 'quick'."],
])('a wrong option of a script is named, with those that there are: %j', (args, text) => {
  expect(read(...args)).toEqual({ text: `${text}\n${LISTED}`, status: 2 });
});
