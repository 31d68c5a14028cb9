import type { Argv, CommandModule, Options, PositionalOptions } from 'yargs';
import { COMMAND_NAMES, isCommandName } from '../commands/all.ts';
import type { Command } from '../commands/command.ts';
import { LanewiseError, didYouMean, nearestName } from '../model/errors.ts';
import type { CommandName, Help, Option } from '../options/option.ts';
import { flagOf, optionsOf } from '../options/table.ts';

/** Help of a command with more options shows the common ones first. */
const FEW_OPTIONS = 12;
/** Flag that shows all of them. */
export const HELP_ALL = '--help-all';

/** Converts a command for yargs. @param showsAll help shows every option, by group */
export function yargsCommand(
  { name, description, examples, exitStatus, run }: Command,
  showsAll: boolean,
): CommandModule {
  const options = optionsOf(name);
  const hidesSome = options.length > FEW_OPTIONS && !showsAll;
  return {
    command: usageOf(name),
    describe: description,
    builder: (yargs) => {
      for (const [key, option] of options)
        addOption(yargs, flagOf(key, option), hidesSome ? { ...option, group: undefined } : option, {
          description: describe(option.on[name]),
          hidden: hidesSome && option.isCommon !== true,
        });
      if (hidesSome) yargs.option('help-all', { type: 'boolean', description: 'show more options' });
      for (const [args, what] of examples) yargs.example(`$0 ${args}`, what);
      return exitStatus === undefined ? yargs : yargs.epilogue(`Exit status: ${exitStatus}`);
    },
    handler: async (args) => {
      process.exitCode = await run(args);
    },
  };
}

/** Usage of a command: `run [workload..]`, `compare <runs..>`. */
export function usageOf(command: CommandName): string {
  const places = optionsOf(command)
    .filter(([, { isPositional }]) => isPositional)
    .map(([name, option]) => {
      const place = flagOf(name, option);
      const many = option.kind.takes === 'texts' ? `${place}..` : place;
      return option.marks.includes('needed') ? `<${many}>` : `[${many}]`;
    });
  return [command, ...places].join(' ');
}

function describe([what, otherwise]: Help = ['']): string {
  return otherwise === undefined ? what : `${what} [${otherwise}]`;
}

/** Adds an option without a type, which help would print: values are texts anyway, since numbers are not parsed. */
function addOption(
  yargs: Argv,
  flag: string,
  { kind, alias, conflicts, group, isPositional }: Omit<Option, 'group'> & { readonly group: string | undefined },
  shown: { readonly description: string; readonly hidden: boolean },
): void {
  if (isPositional === true) yargs.positional(flag, { description: shown.description } satisfies PositionalOptions);
  else
    yargs.option(flag, {
      ...shown,
      ...(kind.takes === 'nothing' ? { type: 'boolean' } : { requiresArg: true }),
      ...(group !== undefined && { group }),
      ...(alias !== undefined && { alias }),
      ...(conflicts !== undefined && { conflicts }),
    } satisfies Options);
}

/**
 * Words as yargs is to read them: what follows `--` is never a flag, even if it begins with a dash, and yargs would lose
 * it.
 */
export function withPlainWords(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  if (end === -1) return args;
  return [...args.slice(0, end), ...args.slice(end + 1).map((word) => (word.startsWith('-') ? `./${word}` : word))];
}

/** @throws LanewiseError for a lone dash, which yargs would leave out, unless it is the value of a flag */
export function checkDashes(args: readonly string[]): void {
  const command = args.find(isCommandName);
  const withValue = new Set(
    (command === undefined ? [] : optionsOf(command))
      .filter(([, { kind }]) => kind.takes !== 'nothing')
      .flatMap(([name, option]) => [`--${flagOf(name, option)}`, `-${option.alias ?? ''}`]),
  );
  if (args.some((arg, index) => arg === '-' && !withValue.has(args[index - 1] ?? '')))
    throw new LanewiseError('usage', 'Invalid argument "-": give the path of a file; one of that name is ./-.');
}

/** @throws LanewiseError for `--json=yes`, which yargs would read as `--no-json` */
export function checkSwitches(args: readonly string[]): void {
  const asked = args.find((arg) => /^(?:--(?:no-)?(?:help|help-all|version)|-[hv])=(?!true$)/.test(arg));
  if (asked !== undefined) throw new LanewiseError('usage', `Invalid ${asked.replace('=', ' "')}": it takes no value.`);
  const command = args.find(isCommandName);
  for (const [name, option] of command === undefined ? [] : optionsOf(command)) {
    if (option.kind.takes !== 'nothing') continue;
    const flag = flagOf(name, option);
    const given = args.find((arg) => arg.startsWith(`--${flag}=`) || arg.startsWith(`--no-${flag}=`));
    if (given !== undefined && !/=(?:true|false)$/.test(given))
      throw new LanewiseError(
        'usage',
        `Invalid ${given.replace('=', ' "')}": it takes no value. Give --${flag}, or --no-${flag}.`,
      );
  }
}

/** Turns `--wait` into `--wait=10m` unless a time follows: yargs would take any next word for its value. */
export function withValues(args: readonly string[]): readonly string[] {
  const command = args.find(isCommandName);
  const alone = new Map(
    (command === undefined ? [] : optionsOf(command)).flatMap(([name, option]) =>
      option.alone === undefined ? [] : [[`--${flagOf(name, option)}`, option.alone]],
    ),
  );
  return args.map((arg, index) => {
    const value = alone.get(arg);
    return value === undefined || /^\d+(?:\.\d+)?[a-z\d]*$/i.test(args[index + 1] ?? '') ? arg : `${arg}=${value}`;
  });
}

const same = (words: string) => ({ one: words, other: words });

/** Replacements for the messages of yargs, which depend on the user's language. */
export const USAGE_WORDS = {
  'Unknown argument: %s': same('unknown: %s'),
  'Unknown command: %s': same('unknown: %s'),
  'Not enough arguments following: %s': 'no value: %s',
  'Not enough non-option arguments: got %s, need at least %s': same('too few: %s of %s'),
  'Arguments %s and %s are mutually exclusive': 'Give either --%s or --%s, and not both.',
};

/** Names that other tools use for our flags, and values given as flags. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  threads: 'pool-size',
  workers: 'pool-size',
  processes: 'pool-size',
  o: 'out',
  output: 'out',
  i: 'input',
  iterations: 'tasks',
  duration: 'time-limit',
  quick: 'preset quick',
  standard: 'preset standard',
  rigorous: 'preset rigorous',
};

function unknownText(what: string, [command = '', ...rest]: readonly string[]): string {
  if (!isCommandName(command)) return unknownCommand(command);
  // The name of `--no-json` is json.
  const names = new Set([what, `no-${what}`]);
  const flag = rest.find((arg) => arg.startsWith('-') && names.has(arg.replace(/^-+/, '').split('=')[0] ?? ''));
  if (flag === undefined) return `Unexpected argument "${what}": "lanewise ${command} --help" shows what it takes.`;
  const known = optionsOf(command).map(([name, option]) => flagOf(name, option));
  const meant = [OTHER_NAMES[what], nearestName(what, known)].find(
    (name) => name !== undefined && known.includes(name.split(' ')[0] ?? name),
  );
  const hint = meant === undefined ? ofOthers(what) : ` Did you mean "--${meant}"?`;
  return `Unknown flag "${flag.split('=')[0]}".${hint} "lanewise ${command} ${HELP_ALL}" shows them all.`;
}

/** The commands that have such a flag. */
function ofOthers(flag: string): string {
  const others = COMMAND_NAMES.filter(isCommandName).filter((name) =>
    optionsOf(name).some(([key, option]) => flagOf(key, option) === flag),
  );
  return others.length === 0 ? '' : ` It belongs to ${others.map((name) => `"lanewise ${name}"`).join(', ')}.`;
}

function unknownCommand(command: string): string {
  if (command.startsWith('-'))
    return `The command comes first, then "${command}": "lanewise --help" shows the commands.`;
  const hint = didYouMean(command, COMMAND_NAMES);
  return `Unknown command "${command}".${hint === '' ? ` To measure a workload or a module: lanewise run ${command}` : hint}`;
}

/** Turns a message of yargs into a sentence with its remedy. @param args as the user gave them */
export function usageSentence(message: string, args: readonly string[]): string {
  const [, kind, what = ''] = /^(unknown|no value|too few): ([^,]*)/.exec(message) ?? [];
  const [name = ''] = args;
  const command = `lanewise ${name}`;
  switch (kind) {
    case 'unknown':
      return unknownText(what, args);
    case 'no value':
      return `The flag ${what.length === 1 ? '-' : '--'}${what} needs a value: "${command} --help" shows which.`;
    case 'too few':
      return `Missing argument: lanewise ${isCommandName(name) ? usageOf(name) : name}. "${command} --help" has examples.`;
    default:
      // Without a command, yargs asks for one and forgets the flag.
      return name.startsWith('-') && message.startsWith('Which command?') ? unknownCommand(name) : message;
  }
}
