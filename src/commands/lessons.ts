import { command } from './command.ts';

export const lessonsCommand = command({
  name: 'lessons',
  description: 'concurrency and parallelism, one measured claim at a time (half a minute)',
  examples: [
    ['lessons', 'all of them, in half a minute'],
    ['lessons gather-many cancel-group', 'two of them, with their code and timelines'],
    ['lessons one-fails --unit 1s --lang pt', 'as slow as the tutorial, in Portuguese'],
    ['lessons gather-many --code > mine.mjs', 'a copy of its code: change a number in it, and'],
    ['lessons gather-many --from mine.mjs', 'see whether the claims still hold'],
  ],
  exitStatus: '0 every claim holds, 1 one does not, 2 wrong usage, 130 interrupted.',
  body: async () => (await import('../session/lessons.ts')).teachLessons,
});
