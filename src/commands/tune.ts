import { command } from './command.ts';

export const tuneCommand = command({
  name: 'tune',
  description: 'find the best configuration of a workload',
  examples: [
    ['tune ./worker.js', 'which configuration?'],
    ['tune json --current event-loop', 'is there a better one?'],
    ['tune ./render.js --for latency', 'the shortest task latency'],
    ['tune file --uv-threads 4,8,16', 'how many libuv threads?'],
  ],
  exitStatus: '0 done, 1 a configuration failed, 2 wrong usage, 130 interrupted or\nout of --time-limit.',
  body: async () => (await import('../session/tune.ts')).tuneAndReport,
});
