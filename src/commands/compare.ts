import { command } from './command.ts';

export const compareCommand = command({
  name: 'compare',
  description: 'compare a saved run with earlier ones',
  examples: [
    ['compare old new', 'what seems to have changed?'],
    ['compare old1 old2 old3 new', 'what has changed?'],
    ['compare old new --fail-on never', 'the same, and exit with 0'],
  ],
  exitStatus:
    '0 nothing looks slower, 4 something is, 3 undecided, 1 a configuration fails now that did not before, 2 wrong usage. With --fail-on never: 0.',
  body: async () => (await import('../session/compare.ts')).compareFiles,
});
