import { setImmediate as nextTurn } from 'node:timers/promises';
import { nowNs, openLane } from 'lanewise/lane';
import { defineStrategy } from 'lanewise/strategy';

export default defineStrategy({
  name: 'turn-by-turn',
  description:
    'one task after the other on the main loop, with a turn of the event loop in between: timers and sockets get theirs',
  lanes: 'main',
  open: async (assignment) => {
    const lane = await openLane(assignment, { kind: 'main', index: 0 });
    return {
      run: async (tasks) => {
        const records = [];
        for (const task of tasks) {
          const submittedNs = nowNs();
          const reply = await lane.run(task);
          records.push({ index: task.index, submittedNs, receivedNs: nowNs(), reply });
          await nextTurn();
        }
        return records;
      },
      close: async () => {
        const error = await lane.close();
        return error === undefined ? [] : [error];
      },
    };
  },
});
