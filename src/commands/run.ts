import { command } from './command.ts';

export const runCommand = command({
  name: 'run',
  description: 'measure workloads in every configuration and report the fastest',
  examples: [
    ['run', 'the default suite: CPU-bound, I/O-bound and mixed'],
    ['run ./worker.js --input 40', 'your own worker file'],
    ['run ./task.js --versus-ref main', 'is my change faster?'],
    ['run json --param orders=10,1000', 'from which size?'],
  ],
  exitStatus:
    '0 done, 1 a configuration failed, 2 wrong usage, 130 interrupted or\nout of --time-limit. When comparing also: 3 undecided, 4 slower.',
  body: async () => (await import('../session/run.ts')).runAndReport,
});
