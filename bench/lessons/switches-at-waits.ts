import { setTimeout as sleep } from 'node:timers/promises';
import type {
  TaskContext,
  WorkloadDefinition,
} from '../../workers/contract.ts';

/** As coroutines the tasks wait; as threads they never do. */
export default {
  params: { waits: true },
  tasks: 8,

  async task(_input: unknown, { params }: TaskContext) {
    if (params.waits === true) {
      // 20 times the task gives the event loop back, and only there.
      for (let turn = 0; turn < 20; turn++) await sleep(2);
    } else {
      // No wait in sight: only an interruption lets others have the core.
      for (let number = 0; number < 60_000_000; number++);
    }
  },
} satisfies WorkloadDefinition;
