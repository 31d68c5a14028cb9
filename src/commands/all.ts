import type { CommandName } from '../options/option.ts';
import type { Command } from './command.ts';

/** In the order of the help. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand,
  tune: async () => (await import('./tune.ts')).tuneCommand,
  load: async () => (await import('./load.ts')).loadCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  lessons: async () => (await import('./lessons.ts')).lessonsCommand,
  list: async () => (await import('./list.ts')).listCommand,
  worker: async () => (await import('./worker.ts')).workerCommand,
  init: async () => (await import('./init.ts')).initCommand,
};

export const COMMAND_NAMES = Object.keys(COMMANDS);

/** Whether a word is a command. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

/** Loads the command of that name; all commands if there is none, for the general help. */
export async function commandsFor(name = ''): Promise<readonly Command[]> {
  const asked = isCommandName(name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  return Promise.all(asked.map((load) => load()));
}
