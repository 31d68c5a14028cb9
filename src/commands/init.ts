import type { CommandModule } from 'yargs';
import { INIT_FLAGS } from '../options/init-flags.ts';

export const initCommand: CommandModule = {
  command: 'init [file]',
  describe: 'write a workload to begin with',
  builder: (yargs) =>
    yargs
      .positional('file', { type: 'string', description: 'where to [workload.mjs; with --typescript workload.mts]' })
      .options(INIT_FLAGS)
      .example('$0 init', 'a workload that computes')
      .example('$0 init bench/query.mjs --io', 'one that waits')
      .example('$0 init bench/render.ts', 'in TypeScript'),
  handler: async (args) => {
    const { writeWorkload } = await import('../session/init.ts');
    process.stdout.write(writeWorkload(args));
  },
};
