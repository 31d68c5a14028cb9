import { setTimeout as sleep } from 'node:timers/promises';
import type {
  TaskContext,
  WorkloadDefinition,
} from '../../workers/contract.ts';

/** Tasks wait on the event loop, and never wait in threads. */
export default {
  params: { waits: true },
  tasks: 8,

  async task(_input: unknown, { params }: TaskContext) {
    if (params.waits === true) {
      // The task yields to the event loop here, and nowhere else.
      for (let turn = 0; turn < 20; turn++) await sleep(2);
    } else {
      // Without a wait, only an interruption gives others the CPU.
      for (let number = 0; number < 60_000_000; number++);
    }
  },
} satisfies WorkloadDefinition;
