import { asyncAllTheWayDown } from './catalogue/async-all-the-way-down.ts';
import { awaitInALoop } from './catalogue/await-in-a-loop.ts';
import { awaitables } from './catalogue/awaitables.ts';
import { blockingSleep } from './catalogue/blocking-sleep.ts';
import { cancelGroup } from './catalogue/cancel-group.ts';
import { cancelTask } from './catalogue/cancel-task.ts';
import { concurrencyIsNotParallelism } from './catalogue/concurrency-is-not-parallelism.ts';
import { coroutinesAndTasks } from './catalogue/coroutines-and-tasks.ts';
import { eventLoop } from './catalogue/event-loop.ts';
import { failuresReturned } from './catalogue/failures-returned.ts';
import { gatherMany } from './catalogue/gather-many.ts';
import { gatherOneThreeTen } from './catalogue/gather-one-three-ten.ts';
import { nestedGroups } from './catalogue/nested-groups.ts';
import { oneAwaited } from './catalogue/one-awaited.ts';
import { oneFails } from './catalogue/one-fails.ts';
import { openAndClosed } from './catalogue/open-and-closed.ts';
import { resultsInOrder } from './catalogue/results-in-order.ts';
import { startTheLoop } from './catalogue/start-the-loop.ts';
import { switchesAtWaits } from './catalogue/switches-at-waits.ts';
import type { Lesson } from './lesson.ts';

/** Every experiment of the tutorial, in its order, with each concept before the code that shows it; then what is added. */
export const LESSONS: readonly Lesson[] = [
  concurrencyIsNotParallelism,
  switchesAtWaits,
  oneAwaited,
  gatherMany,
  awaitInALoop,
  eventLoop,
  awaitables,
  startTheLoop,
  asyncAllTheWayDown,
  blockingSleep,
  gatherOneThreeTen,
  resultsInOrder,
  nestedGroups,
  coroutinesAndTasks,
  oneFails,
  failuresReturned,
  cancelTask,
  cancelGroup,
  openAndClosed,
];
