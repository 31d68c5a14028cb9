import { command } from './command.ts';

export const tuneCommand = command({
  name: 'tune',
  description: 'find the setting to use: strategy, pool size, tasks in flight',
  examples: [
    ['tune ./my-worker.js', 'which setting for your own worker file?'],
    ['tune json --current worker-threads@8x1', 'is there a better one than the present?'],
    ['tune http --for latency', 'the shortest p99 of a task that keeps the throughput'],
    ['tune ./render.js --for responsiveness', 'the main thread held for the shortest time'],
    ['tune gzip --max-memory 256MiB --max-pool-size 4', 'within limits'],
    ['tune file -s event-loop --uv-threads 4,8,16,32', 'how large a libuv pool?'],
  ],
  exitStatus: '0 done, 1 a configuration failed, 2 wrong usage, 130 interrupted.',
  body: async () => (await import('../session/tune.ts')).tuneAndReport,
});
