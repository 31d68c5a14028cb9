import type { CommandModule } from 'yargs';
import { COMPARE_FLAGS } from '../options/compare-flags.ts';
import { OUTPUT_FLAGS } from '../options/output-flags.ts';

export const compareCommand: CommandModule = {
  command: 'compare <old> <new>',
  describe: 'say what changed between two saved results',
  builder: (yargs) =>
    yargs
      .positional('old', {
        type: 'string',
        demandOption: true,
        description: 'results.json of the earlier run, or its folder',
      })
      .positional('new', {
        type: 'string',
        demandOption: true,
        description: 'results.json of the later run, or its folder',
      })
      .options(COMPARE_FLAGS)
      .option('json', { ...OUTPUT_FLAGS.json, description: 'the comparison as JSON on stdout, and nothing else there' })
      .option('color', OUTPUT_FLAGS.color)
      .epilogue(
        'Exit status: 0 nothing is slower, 4 something is, 3 undecided, 1 a configuration fails\nnow that did not before, 2 wrong usage. With --fail-on never: 0.',
      )
      .example('$0 compare old new', 'what changed?')
      .example('$0 compare old.json new.json --fail-on slower:10%', 'only a tenth and more fails'),
  handler: async (args) => {
    const { compareFiles } = await import('../session/compare.ts');
    process.exitCode = await compareFiles(String(args.old), String(args.new), args);
  },
};
