import { command } from './command.ts';

export const lessonsCommand = command({
  name: 'lessons',
  description: 'learn concurrency and parallelism from measured claims',
  examples: [
    ['lessons', 'all of them, in half a minute'],
    ['lessons one-fails cancel-task', 'two of them, with code and timelines'],
    ['lessons one-fails --unit 1s', 'at the tutorial’s speed'],
    ['lessons one-fails --lang pt', 'in Portuguese'],
    ['lessons one-fails --code >a.mjs', 'copy its code, change it,'],
    ['lessons one-fails --from a.mjs', 'and check the claims again'],
  ],
  exitStatus: '0 every claim holds, 1 one does not, 2 wrong usage, 130 interrupted.',
  body: async () => (await import('../session/lessons.ts')).runLessons,
});
