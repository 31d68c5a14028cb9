import type { CommandModule } from 'yargs';
import { DOCTOR_FLAGS } from '../options/doctor-flags.ts';
import { LOCK_FLAGS } from '../options/lock-flags.ts';
import { OUTPUT_FLAGS } from '../options/output-flags.ts';

export const doctorCommand: CommandModule = {
  command: 'doctor',
  describe: 'say what this machine can measure: cores, noise, ceiling (a minute)',
  builder: (yargs) =>
    yargs
      .options(DOCTOR_FLAGS)
      .options(LOCK_FLAGS)
      .option('json', { ...OUTPUT_FLAGS.json, description: 'the diagnosis as JSON on stdout, and nothing else there' })
      .option('quiet', OUTPUT_FLAGS.quiet)
      .option('color', OUTPUT_FLAGS.color)
      .example('$0 doctor', 'how small a difference can be seen here?')
      .example('$0 doctor --facts --json', 'cores, quota, load and the like, at once'),
  handler: async (args) => {
    const { examine } = await import('../session/doctor.ts');
    await examine(args);
  },
};
