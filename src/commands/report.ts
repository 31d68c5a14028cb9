import type { CommandModule } from 'yargs';
import { OUTPUT_FLAGS } from '../options/output-flags.ts';

export const reportCommand: CommandModule = {
  command: 'report <results>',
  describe: 'write the report of saved results again',
  builder: (yargs) =>
    yargs
      .positional('results', {
        type: 'string',
        demandOption: true,
        description: 'results.json of an earlier run, or its folder',
      })
      .options(OUTPUT_FLAGS)
      .option('out', { ...OUTPUT_FLAGS.out, description: 'the report folder [that of the results]' })
      .example('$0 report lanewise-report --format md', 'the Markdown report again'),
  handler: async (args) => {
    const { reportAgain } = await import('../session/report.ts');
    process.exitCode = await reportAgain(String(args.results), args);
  },
};
