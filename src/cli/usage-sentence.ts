import { didYouMean } from '../model/errors.ts';
import { allFlags } from '../options/table.ts';

const same = (words: string) => ({ one: words, other: words });

/** What yargs is to say of a wrong command line in place of its own words, whichever language it takes the user's to be. */
export const USAGE_WORDS = {
  'Unknown argument: %s': same('unknown: %s'),
  'Unknown command: %s': same('unknown: %s'),
  'Not enough arguments following: %s': 'no value: %s',
  'Not enough non-option arguments: got %s, need at least %s': same('too few: %s of %s'),
  'Arguments %s and %s are mutually exclusive': 'Give either --%s or --%s, and not both.',
};

/** That as a sentence with its remedy. @param args as the user gave them */
export function usageSentence(message: string, args: readonly string[]): string {
  const [, kind, what = ''] = /^(unknown|no value|too few): ([^,]*)/.exec(message) ?? [];
  const command = `lanewise ${args[0] ?? ''}`;
  switch (kind) {
    case 'unknown':
      return args.some((arg) => arg.startsWith('-') && arg.replace(/^-+/, '').split('=')[0] === what)
        ? `Unknown flag "--${what}".${didYouMean(what, allFlags())} "${command} --help" shows them all.`
        : `Unknown command or argument "${what}": "lanewise --help" shows the commands.`;
    case 'no value':
      return `The flag ${what.length === 1 ? '-' : '--'}${what} needs a value: "${command} --help" shows which.`;
    case 'too few':
      return `"${command}" needs an argument: "${command} --help" shows which.`;
    default:
      return message;
  }
}
