import { command } from './command.ts';

export const lessonsCommand = command({
  name: 'lessons',
  description: 'learn concurrency and parallelism from measured claims',
  examples: [
    ['lessons', 'all of them, in half a minute'],
    ['lessons gather-many cancel-group', 'two of them, with code and timelines'],
    ['lessons one-fails --unit 1s --lang pt', 'at the tutorial’s speed, in Portuguese'],
    ['lessons gather-many --code > mine.mjs', 'copy its code, change it,'],
    ['lessons gather-many --from mine.mjs', 'and check the claims again'],
  ],
  exitStatus: '0 every claim holds, 1 one does not, 2 wrong usage, 130 interrupted.',
  body: async () => (await import('../session/lessons.ts')).runLessons,
});
