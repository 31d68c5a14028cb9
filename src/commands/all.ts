import type { CommandName } from '../options/option.ts';
import type { Command } from './command.ts';

/** In the order of the help. */
const COMMANDS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  run: async () => (await import('./run.ts')).runCommand,
  tune: async () => (await import('./tune.ts')).tuneCommand,
  compare: async () => (await import('./compare.ts')).compareCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  doctor: async () => (await import('./doctor.ts')).doctorCommand,
  lessons: async () => (await import('./lessons.ts')).lessonsCommand,
  list: async () => (await import('./list.ts')).listCommand,
  init: async () => (await import('./init.ts')).initCommand,
};

/** The command of that name; all of them where there is none, or for the help of all. */
export async function commandsFor(name?: string): Promise<readonly Command[]> {
  const asked = name !== undefined && Object.hasOwn(COMMANDS, name) ? [COMMANDS[name as CommandName]] : undefined;
  return Promise.all((asked ?? Object.values(COMMANDS)).map((load) => load()));
}
