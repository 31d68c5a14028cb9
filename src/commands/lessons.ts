import type { CommandModule } from 'yargs';
import { LESSONS_FLAGS } from '../options/lessons-flags.ts';
import { LOCK_FLAGS } from '../options/lock-flags.ts';
import { OUTPUT_FLAGS } from '../options/output-flags.ts';

export const lessonsCommand: CommandModule = {
  command: 'lessons [lessons..]',
  describe: 'concurrency and parallelism, one measured claim at a time (half a minute)',
  builder: (yargs) =>
    yargs
      .positional('lessons', {
        type: 'string',
        array: true,
        description: 'names or globs of names, as --list shows them; none: all, and a scoreboard',
      })
      .options(LESSONS_FLAGS)
      .options(LOCK_FLAGS)
      .option('json', { ...OUTPUT_FLAGS.json, description: 'the claims as JSON on stdout, and nothing else there' })
      .option('format', {
        ...OUTPUT_FLAGS.format,
        description: 'write lessons.html or lessons.json: html,json [neither]',
      })
      .option('out', { ...OUTPUT_FLAGS.out, description: 'the folder for them [lanewise-report]' })
      .option('quiet', OUTPUT_FLAGS.quiet)
      .option('color', OUTPUT_FLAGS.color)
      .epilogue('Exit status: 0 every claim holds, 1 one does not, 2 wrong usage, 130 interrupted.')
      .example('$0 lessons', 'all of them, in half a minute')
      .example('$0 lessons gather-many cancel-group', 'two of them, with their code and timelines')
      .example('$0 lessons one-fails --unit 1s --lang pt', 'as slow as the tutorial, in Portuguese')
      .example('$0 lessons gather-many --code > mine.mjs', 'a copy of its code: change a number in it, and')
      .example('$0 lessons gather-many --from mine.mjs', 'see whether the claims still hold'),
  handler: async (args) => {
    const { teachLessons } = await import('../session/lessons.ts');
    process.exitCode = await teachLessons(args);
  },
};
