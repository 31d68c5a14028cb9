import type { CommandModule } from 'yargs';
import { CONFIG_FLAGS } from '../options/config-flags.ts';
import { LOCK_FLAGS } from '../options/lock-flags.ts';
import { OUTPUT_FLAGS } from '../options/output-flags.ts';
import { TUNE_FLAGS } from '../options/tune-flags.ts';

/** Only the flags, as with `run`. */
export const tuneCommand: CommandModule = {
  command: 'tune <workload>',
  describe: 'find the setting to use: strategy, pool size, tasks in flight',
  builder: (yargs) =>
    yargs
      .positional('workload', { type: 'string', description: 'a name, or the path of a module' })
      .options(TUNE_FLAGS)
      .options(CONFIG_FLAGS)
      .options(LOCK_FLAGS)
      .options(OUTPUT_FLAGS)
      .epilogue('Exit status: 0 done, 1 a configuration failed, 2 wrong usage, 130 interrupted.')
      .example('$0 tune ./my-worker.js', 'which setting for your own worker file?')
      .example('$0 tune json --current worker-threads@8x1', 'is there a better one than the present?')
      .example('$0 tune http --for latency', 'the shortest p99 of a task that keeps the throughput')
      .example('$0 tune ./render.js --for responsiveness', 'the main thread held for the shortest time')
      .example('$0 tune gzip --max-memory 256MiB --max-pool-size 4', 'within limits')
      .example('$0 tune file -s event-loop --uv-threads 4,8,16,32', 'how large a libuv pool?'),
  handler: async (args) => {
    const { tuneAndReport } = await import('../session/tune.ts');
    process.exitCode = await tuneAndReport(args);
  },
};
