import { command } from './command.ts';

export const runCommand = command({
  name: 'run',
  description: 'measure workloads every way and say which way wins',
  examples: [
    ['run', 'the default suite'],
    ["run 'password-*' -s event-loop,worker-threads", 'two workloads, two ways'],
    ['run old/task.js new/task.js --versus', 'is the new version faster?'],
    ['run ./task.js --versus-ref origin/main', 'is it slower than on the main branch?'],
    ['run gzip --param bytes=1024,65536', 'scan a param'],
    ['run --suite api', 'a suite of the configuration file'],
    ['run --resume lanewise-report', 'resume a run that was interrupted'],
    ['run ./my-worker.js --input 40 --json', 'your own worker file, results as JSON'],
  ],
  exitStatus:
    '0 done, 1 a configuration failed, 2 wrong usage, 130 interrupted or out of\n--time-limit. With --versus, --versus-ref or --against also 4 something is slower,\n3 undecided.',
  body: async () => (await import('../session/run.ts')).runAndReport,
});
