/** Runs one lesson one way, and nothing else, in a process of its own. */
import { onParentMessage, tellParent } from './parent.ts';
import { describeError } from './describe-error.ts';
import type { LessonAssignment, LessonReply } from '../src/host/lesson-protocol.ts';
import { perform } from '../src/host/perform-lesson.ts';

onParentMessage((message) => {
  void perform(message as LessonAssignment)
    .then((evidence): LessonReply => ({ kind: 'performed', evidence }))
    .catch((thrown: unknown): LessonReply => ({ kind: 'failed', error: describeError(thrown) }))
    .then(tellParent)
    // What an experiment returns may not be cloneable.
    .catch((thrown: unknown) => tellParent({ kind: 'failed', error: describeError(thrown) } satisfies LessonReply));
});
// Of a task whose failure nobody awaits, too: Node ends the process for it.
process.on('uncaughtExceptionMonitor', (thrown) => {
  const { message, ...error } = describeError(thrown);
  tellParent({ kind: 'failed', error: { ...error, message: `${message} (nobody caught it)` } } satisfies LessonReply);
});
tellParent({ kind: 'booted' } satisfies LessonReply);
