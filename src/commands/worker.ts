import { command } from './command.ts';

export const workerCommand = command({
  name: 'worker',
  description: 'join a run with --machines: its workers run on this machine, too',
  examples: [
    ["worker --join 'redis://…#TOKEN'", 'the line that the run prints'],
    ["worker --join '#TOKEN'", 'address in LANEWISE_QUEUE_URL'],
  ],
  exitStatus: '0 the run is over, 2 refused, 130 the run or its server was lost.',
  body: async () => (await import('../session/worker.ts')).joinRun,
});
