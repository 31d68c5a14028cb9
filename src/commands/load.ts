import { command } from './command.ts';

export const loadCommand = command({
  name: 'load',
  description: 'let tasks arrive at a rate, and measure how long each takes',
  examples: [
    ['load ./render.js', 'up to which rate is the objective met, and by how many workers?'],
    ['load primes --rate 40,80,120', 'how long does a task take?'],
    ['load ./task.js --versus-ref v1', 'does my change hold less?'],
  ],
  exitStatus:
    '0 done, 1 a configuration failed, 2 wrong usage, 130 interrupted or\nout of --time-limit. When comparing also: 3 undecided, 4 slower.',
  body: async () => (await import('../session/load.ts')).loadAndReport,
});
