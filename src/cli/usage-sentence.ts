import { didYouMean } from '../model/nearest.ts';
import { COMPARE_FLAGS } from '../options/compare-flags.ts';
import { CONFIG_FLAGS } from '../options/config-flags.ts';
import { DOCTOR_FLAGS } from '../options/doctor-flags.ts';
import { INIT_FLAGS } from '../options/init-flags.ts';
import { LESSONS_FLAGS } from '../options/lessons-flags.ts';
import { LOCK_FLAGS } from '../options/lock-flags.ts';
import { OUTPUT_FLAGS } from '../options/output-flags.ts';
import { RUN_FLAGS } from '../options/run-flags.ts';
import { TUNE_FLAGS } from '../options/tune-flags.ts';

const FLAGS = Object.keys({
  ...RUN_FLAGS,
  ...TUNE_FLAGS,
  ...COMPARE_FLAGS,
  ...INIT_FLAGS,
  ...DOCTOR_FLAGS,
  ...LESSONS_FLAGS,
  ...CONFIG_FLAGS,
  ...LOCK_FLAGS,
  ...OUTPUT_FLAGS,
});

/** What yargs says of a wrong command line, as a sentence with its remedy. */
export function usageSentence(message: string, args: readonly string[]): string {
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]?.split(', ')[0];
  if (unknown !== undefined) {
    const isFlag = args.some((arg) => arg.startsWith('-') && arg.replace(/^-+/, '').split('=')[0] === unknown);
    if (!isFlag) return `Unknown command or argument "${unknown}": "lanewise --help" shows the commands.`;
    return `Unknown flag "--${unknown}".${didYouMean(unknown, FLAGS)} "lanewise ${args[0] ?? ''} --help" shows them all.`;
  }
  const lacking = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (lacking !== undefined)
    return `The flag ${lacking.length === 1 ? '-' : '--'}${lacking} needs a value: "lanewise ${args[0] ?? ''} --help" shows which.`;
  if (message.startsWith('Not enough non-option arguments')) {
    return `"lanewise ${args[0] ?? ''}" needs an argument: "lanewise ${args[0] ?? ''} --help" shows which.`;
  }
  const [, one, other] = /^Arguments (\S+) and (\S+) are mutually exclusive$/.exec(message) ?? [];
  if (one !== undefined) return `Give either --${one} or --${other}, and not both.`;
  return message;
}
