import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeError, isError } from '../../workers/describe-error.ts';
import { homeFolder, workingFolder as workingFolderAtStart } from '../../workers/own-folders.ts';
import { EXIT_STATUS, JournalError, LanewiseError } from '../model/errors.ts';
import { oneLine, readable } from '../model/text.ts';
import { errorsPage, readVersion, workingFolder } from '../system/surroundings.ts';
import { commandsFor } from '../commands/all.ts';
import { causeText } from './requirements.ts';
import { unfinishedText } from '../session/unfinished.ts';
import {
  checkDashes,
  checkSwitches,
  HELP_ALL,
  USAGE_WORDS,
  usageSentence,
  withPlainWords,
  withValues,
  yargsCommand,
} from './yargs-command.ts';

const HELP_WIDTH = 80;
/** The command of yargs that is not a file in `commands/`. */
const COMPLETION = 'completion';

/** A shell completes the middle of a word, which may be `--`. */
const isCompleting = process.argv.includes('--get-yargs-completions');
const words = isCompleting ? hideBin(process.argv) : withPlainWords(hideBin(process.argv));
/** `lanewise help run` is `lanewise run --help`. */
const given = words[0] === 'help' ? [...words.slice(1), '--help'] : words;
const showsAll = given.includes(HELP_ALL);
/** Whether help may be printed, alone or among other short flags. */
const showsHelp = showsAll || given.some((arg) => arg === '--help' || /^-\w*h/.test(arg));

// Addresses contain passwords or tokens, and every user of the machine can read command lines.
if (words.some((word) => /^--(?:queue-?url|join)/i.test(word))) process.title = 'lanewise';

/** The exit status of the command; undefined until it has come to its end, or its output is no longer wanted. */
let status: typeof process.exitCode;
process.on('exit', () => {
  // Code that it has loaded may end the process with 0 after an error.
  if (status !== undefined) process.exitCode = process.exitCode || status;
  if (status !== undefined || (process.exitCode ?? 0) !== 0) return;
  process.stderr.write(
    'lanewise: The process was ended before the command was done: code that it has loaded, such as a configuration file, called process.exit.\n',
  );
  process.exitCode = EXIT_STATUS.input;
});

// A reader that closes early, such as `head`, is not an error.
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') {
    status = 0;
    process.exit();
  }
  process.stderr.write(`lanewise: Cannot write to stdout (${oneLine(message)}).\n`);
  process.exit(EXIT_STATUS.usage);
});

// Without stderr, as after a terminal was closed, nobody can read an error.
process.stderr.on('error', () => undefined);

// In a deleted folder yargs would throw; help and the version work even there.
const parser = yargs(
  withValues(given.map((arg) => (arg === HELP_ALL ? '--help' : arg))),
  workingFolderAtStart ?? homeFolder ?? '/',
)
  .scriptName('lanewise')
  .usage(
    'Event loop, worker threads or child processes, and how many? Runs the same work\nin each and reports which is fastest, by how much, and how sure that is.\n\nUsage: $0 <command> [options]',
  )
  .parserConfiguration({
    'greedy-arrays': false,
    'boolean-negation': true,
    'parse-numbers': false,
    'parse-positional-numbers': false,
  })
  .command((await commandsFor(given[0])).map((command) => yargsCommand(command, showsAll)))
  .example('$0 tune ./worker.js', 'which configuration should I use?')
  .example('$0 run compute --param ms=0.1,1,10', 'from which task size are workers worth it?')
  .example('$0 run ./task.js --versus-ref main', 'is my change faster?')
  .epilogue(
    'Exit status: 0 done, 1 a configuration or a claim failed, 2 wrong usage,\n3 undecided, 4 slower, 70 internal error, 130 interrupted (results are kept).',
  )
  .completion(COMPLETION, 'print a completion script for the shell')
  .demandCommand(1, 'Which command? "lanewise run" measures the default suite; "lanewise --help" shows the others.')
  // The types lack texts with a singular and a plural.
  .updateStrings(USAGE_WORDS as object as Readonly<Record<string, string>>)
  .strict()
  .help('help', 'show help')
  .version('version', 'show version', readVersion())
  .alias({ h: 'help', v: 'version' })
  // yargs makes the help text in every run; breaking its lines takes 40 ms (2026-11-26, AMD EPYC).
  .wrap(showsHelp ? HELP_WIDTH : null)
  .exitProcess(false)
  .fail((message: string | undefined, error: Error | undefined) => {
    // yargs throws a YError for wrong usage; any other error comes from a command.
    if (error !== undefined && error.name !== 'YError') throw error;
    throw new LanewiseError('usage', usageSentence(error?.message ?? message ?? '', given));
  });

/** Arguments that need no file of the user, and so no working folder. */
const ANSWERED_ANYWHERE = new Set(['--help', '-h', HELP_ALL, '--version', '-v']);

/** Address of a frame of a stack: a file URL or a path. */
const FRAME = /^ +at (?:.*? \()?((?:file:\/\/|[A-Za-z]:[\\/]|\/).*):(\d+):\d+\)?$/gm;
const LONGEST_STACK = 10_000;

// Node would exit with 1, the status of a failed configuration.
function endWith(thrown: unknown): void {
  const fault = foreignFault(thrown);
  status = report(fault === undefined ? thrown : new LanewiseError('input', fault, { cause: thrown }));
  process.exit(status);
}
process.on('uncaughtException', endWith);
// Node would describe what is no Error by its type alone.
process.on('unhandledRejection', endWith);

try {
  if (!given.some((arg) => ANSWERED_ANYWHERE.has(arg))) workingFolder();
  const [command, further] = given;
  // yargs would print the script, and the error below it.
  if (command === COMPLETION && further !== undefined && !showsHelp)
    throw new LanewiseError(
      'usage',
      `Unexpected argument "${further}": "lanewise ${COMPLETION}" prints a script for bash, or for the zsh or fish that SHELL names.`,
    );
  if (!isCompleting) {
    checkSwitches(given);
    checkDashes(given);
  }
  await parser.parseAsync();
} catch (thrown) {
  process.exitCode = report(thrown);
}
status = process.exitCode ?? 0;

/** Prints an error, in the only place that turns one into an exit status. */
function report(error: unknown): number {
  const missing = error instanceof LanewiseError ? undefined : causeText(error);
  const thrown = missing === undefined ? error : new LanewiseError('usage', missing, { cause: error });
  const isExpected = thrown instanceof LanewiseError;
  const lines = isExpected ? [`lanewise: ${oneLine(thrown.message)}`] : internalError(thrown);
  const unfinished = thrown instanceof JournalError ? undefined : unfinishedText();
  const isExplained = isExpected && thrown.code !== 'interrupted';
  const more = [
    ...(unfinished === undefined ? [] : [unfinished]),
    // A log keeps the one sentence.
    ...(isExplained && process.stderr.isTTY ? [`More: ${errorsPage()}`] : []),
  ];
  process.stderr.write(`${readable([...lines, ...more].join('\n'))}\n`);
  return EXIT_STATUS[isExpected ? thrown.code : 'internal'];
}

/** Words for an error that code of the user threw by itself, such as a timer of a configuration file. */
function foreignFault(thrown: unknown): string | undefined {
  const loaded = 'Code that was loaded, such as a configuration file,';
  const { message } = describeError(thrown);
  // All that Lanewise throws is an Error.
  if (!isError(thrown)) return `${loaded} failed while nothing waited for it: ${message}.`;
  if (typeof thrown.stack !== 'string') return undefined;
  const ownRoot = new URL('../../../', import.meta.url);
  const isOurs = (address: string): boolean =>
    address.startsWith(ownRoot.href) || address.startsWith(fileURLToPath(ownRoot)) || address.includes('node_modules');
  const frames = [...thrown.stack.slice(0, LONGEST_STACK).matchAll(FRAME)];
  const [[, address = '', line] = []] = frames;
  if (address === '' || frames.some(([, own = '']) => isOurs(own))) return undefined;
  return `${loaded} threw ${message} (${basename(address)}, line ${line}) while nothing waited for it.`;
}

function internalError(thrown: unknown): readonly string[] {
  const detail = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const what = `lanewise ${readVersion()}, Node ${process.version}, ${process.platform} ${process.arch}`;
  return [
    `lanewise: Internal error. Please report it on the issue tracker of Lanewise, with these lines (${what}):`,
    detail,
  ];
}
