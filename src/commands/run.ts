import type { CommandModule } from 'yargs';
import { CONFIG_FLAGS } from '../options/config-flags.ts';
import { LOCK_FLAGS } from '../options/lock-flags.ts';
import { OUTPUT_FLAGS } from '../options/output-flags.ts';
import { RUN_FLAGS } from '../options/run-flags.ts';

/** Only the flags: what measures is imported when it is asked for, so that help and wrong usage are answered at once. */
export const runCommand: CommandModule = {
  command: 'run [workload..]',
  describe: 'measure workloads every way and say which way wins',
  builder: (yargs) =>
    yargs
      .positional('workload', {
        type: 'string',
        array: true,
        description: 'names, globs of names, or paths to modules [primes http fetch-and-parse]',
      })
      .options(RUN_FLAGS)
      .options(CONFIG_FLAGS)
      .options(LOCK_FLAGS)
      .options(OUTPUT_FLAGS)
      .epilogue(
        'Exit status: 0 done, 1 a configuration failed, 2 wrong usage, 130 interrupted or out of\n--time-limit. With --versus, --versus-ref or --against also 4 something is slower,\n3 undecided.',
      )
      .example('$0 run', 'the default suite')
      .example("$0 run 'password-*' -s event-loop,worker-threads", 'two workloads, two ways')
      .example('$0 run old/task.js new/task.js --versus', 'is the new version faster?')
      .example('$0 run ./task.js --versus-ref origin/main', 'is it slower than on the main branch?')
      .example('$0 run gzip --param bytes=1024,65536', 'scan a param')
      .example('$0 run --suite api', 'a suite of the configuration file')
      .example('$0 run --resume lanewise-report', 'resume a run that was interrupted')
      .example('$0 run ./my-worker.js --input 40 --json', 'your own worker file, results as JSON'),
  handler: async (args) => {
    const { runAndReport } = await import('../session/run.ts');
    process.exitCode = await runAndReport(args);
  },
};
