import { command } from './command.ts';

export const compareCommand = command({
  name: 'compare',
  description: 'compare two saved runs',
  examples: [
    ['compare old new', 'what changed?'],
    ['compare old.json new.json --fail-on slower:10%', 'fail from 10% on'],
  ],
  exitStatus:
    '0 nothing is slower, 4 something is, 3 undecided, 1 a configuration fails\nnow that did not before, 2 wrong usage. With --fail-on never: 0.',
  body: async () => (await import('../session/compare.ts')).compareFiles,
});
