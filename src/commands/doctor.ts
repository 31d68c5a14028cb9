import { command } from './command.ts';

export const doctorCommand = command({
  name: 'doctor',
  description: 'check what this machine can measure (a minute)',
  examples: [
    ['doctor', 'how small a difference can be measured here?'],
    ['doctor --facts --json', 'CPUs, quota and load, without measuring'],
  ],
  body: async () => (await import('../session/doctor.ts')).diagnoseMachine,
});
