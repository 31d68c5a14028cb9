import { command } from './command.ts';

export const doctorCommand = command({
  name: 'doctor',
  description: 'say what this machine can measure: cores, noise, ceiling (a minute)',
  examples: [
    ['doctor', 'how small a difference can be seen here?'],
    ['doctor --facts --json', 'cores, quota, load and the like, at once'],
  ],
  body: async () => (await import('../session/doctor.ts')).examine,
});
