import type { CommandName } from '../options/option.ts';
import { valuesOf } from '../options/values.ts';
import type { ValuesOf } from '../options/table.ts';

/** A command: its help and its code. Its options are in the table. */
export interface Command {
  readonly name: CommandName;
  readonly description: string;
  readonly examples: readonly (readonly [args: string, what: string])[];
  /** Meaning of its exit status; undefined: only success or failure. */
  readonly exitStatus?: string;
  /** @param args as yargs gives them @returns the exit status */
  readonly run: (args: Readonly<Record<string, unknown>>) => Promise<number>;
}

interface Definition<Name extends CommandName> extends Omit<Command, 'run'> {
  readonly name: Name;
  /** Loads the implementation, on use only: help and usage errors appear at once. */
  readonly body: () => Promise<(values: ValuesOf<Name>) => number | Promise<number>>;
}

/** Defines a command. Its flags are parsed here, once: the body receives values, not texts. */
export function command<Name extends CommandName>({ body, ...facts }: Definition<Name>): Command {
  return {
    ...facts,
    run: async (args) => {
      const values = valuesOf(facts.name, args);
      return (await body())(values);
    },
  };
}
