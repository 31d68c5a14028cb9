import type { CommandModule } from 'yargs';
import { COMPARE_FLAGS } from './compare-flags.ts';
import { OUTPUT_FLAGS } from './output-flags.ts';

export const compareCommand: CommandModule = {
  command: 'compare <old> <new>',
  describe: 'say what changed between two saved results',
  builder: (yargs) =>
    yargs
      .positional('old', { type: 'string', demandOption: true, description: 'the results.json of the earlier run' })
      .positional('new', { type: 'string', demandOption: true, description: 'the results.json of the later run' })
      .options(COMPARE_FLAGS)
      .option('json', { ...OUTPUT_FLAGS.json, description: 'the comparison as JSON on stdout, and nothing else there' })
      .option('color', OUTPUT_FLAGS.color)
      .epilogue('Exit status: 0 nothing is slower, 1 something is, 3 that cannot be told, 2 wrong usage.')
      .example('$0 compare old/results.json new/results.json', 'what changed?')
      .example('$0 compare old.json new.json --fail-on slower:10%', 'only a tenth and more fails'),
  handler: async (args) => {
    const { compareFiles } = await import('./compare-files.ts');
    process.exitCode = await compareFiles(String(args.old), String(args.new), args);
  },
};
