import type { Argv, CommandModule, Options, PositionalOptions } from 'yargs';
import type { Command } from '../commands/command.ts';
import { didYouMean } from '../model/errors.ts';
import type { CommandName, Help, Option } from '../options/option.ts';
import { flagOf, optionsOf, allFlags } from '../options/table.ts';

/** A command as yargs takes it. */
export function yargsCommand({ name, description, examples, exitStatus, run }: Command): CommandModule {
  return {
    command: usageOf(name),
    describe: description,
    builder: (yargs) => {
      for (const [key, option] of optionsOf(name)) addOption(yargs, key, option, option.on[name] ?? ['']);
      for (const [args, what] of examples) yargs.example(`$0 ${args}`, what);
      return exitStatus === undefined ? yargs : yargs.epilogue(`Exit status: ${exitStatus}`);
    },
    handler: async (args) => {
      process.exitCode = await run(args);
    },
  };
}

/** `run [workload..]`, `compare <old> <new>`. */
export function usageOf(command: CommandName): string {
  const places = optionsOf(command)
    .filter(([, { isPositional }]) => isPositional)
    .map(([name, option]) => {
      const place = flagOf(name, option);
      if (option.marks.includes('needed')) return `<${place}>`;
      return option.kind.takes === 'texts' ? `[${place}..]` : `[${place}]`;
    });
  return [command, ...places].join(' ');
}

function addOption(yargs: Argv, name: string, option: Option, [what, otherwise]: Help): void {
  const { kind, alias, conflicts, group, isPositional } = option;
  const description = otherwise === undefined ? what : `${what} [${otherwise}]`;
  const flag = flagOf(name, option);
  const isArray = kind.takes === 'texts';
  if (isPositional === true) {
    yargs.positional(flag, {
      type: 'string',
      description,
      ...(isArray && { array: true }),
    } satisfies PositionalOptions);
    return;
  }
  yargs.option(flag, {
    description,
    ...(group !== undefined && { group }),
    ...(kind.takes === 'nothing' ? { type: 'boolean' } : { type: 'string', requiresArg: true, array: isArray }),
    ...(alias !== undefined && { alias }),
    ...(conflicts !== undefined && { conflicts }),
  } satisfies Options);
}

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
