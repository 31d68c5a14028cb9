import type { Argv, CommandModule, Options, PositionalOptions } from 'yargs';
import type { Command } from '../commands/command.ts';
import type { CommandName, Help, Option } from '../options/option.ts';
import { flagOf, optionsOf } from '../options/table.ts';

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
