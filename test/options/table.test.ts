import { describe, expect, it } from 'vitest';
import { flagOf, optionsOf } from '../../dist/src/options/table.js';
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
