import { describe, expect, it } from 'vitest';
import { inCode, flagOf, optionsOf } from '../../dist/src/options/table.js';
import { FORMATS } from '../../dist/src/report/formats.js';

describe.each(['run', 'tune', 'compare', 'report', 'doctor', 'lessons', 'list', 'init'] as const)('%s', (command) => {
  it('each option of a command has a unique name, flag and letter', () => {
    const options = optionsOf(command);
    const names = [
      ...options.map(([name]) => name),
      ...options.map(([name, option]) => `--${flagOf(name, option)}`),
      ...options.flatMap(([, { alias }]) => (alias === undefined ? [] : [`-${alias}`])),
    ];
    expect(names).toEqual([...new Set(names)]);
  });

  it('the help of each option is at most one sentence', () => {
    for (const [name, { on }] of optionsOf(command)) {
      const [what, otherwise] = on[command] ?? [];
      expect(what, name).toMatch(/^[^\s].+[^\s.]$/);
      expect(otherwise, name).not.toBe('');
    }
  });
});

it('the help of --format names every format of reports', () => {
  const [, option] = optionsOf('run').find(([name]) => name === 'formats') ?? [];
  const [what = ''] = option?.on.run ?? [];
  expect(what.match(/[\w-]+/g)).toEqual(expect.arrayContaining(Object.keys(FORMATS)));
});

it('a sentence in code has the names of settings, and commands as they are typed', () => {
  expect(inCode('run', 'Give fewer --blocks, --rounds or --param values (-s, -p), with --no-such.')).toBe(
    'Give fewer blocks, rounds or params values (strategies, poolSizes), with --no-such.',
  );
  expect(inCode('load', 'Invalid --param ms: load takes one value. To scan it: lanewise run --param ms=1,2.')).toBe(
    'Invalid params ms: load takes one value. To scan it: lanewise run --param ms=1,2.',
  );
  expect(inCode('run', 'Compare it: lanewise compare a b. Or raise --blocks, at x--blocks.')).toBe(
    'Compare it: lanewise compare a b. Or raise blocks, at x--blocks.',
  );
});
