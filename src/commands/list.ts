import type { CommandModule } from 'yargs';
import { OUTPUT_FLAGS } from '../options/output-flags.ts';

export const listCommand: CommandModule = {
  command: 'list',
  describe: 'show the workloads and strategies that there are',
  builder: (yargs) => yargs.option('json', OUTPUT_FLAGS.json).option('color', OUTPUT_FLAGS.color),
  handler: async (args) => {
    const { list } = await import('../session/list.ts');
    process.stdout.write(await list(args));
  },
};
