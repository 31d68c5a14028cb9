import type { CommandName } from '../options/option.ts';
import { valuesOf } from '../options/values.ts';
import type { ValuesOf } from '../options/table.ts';

/** What is said of a command, and what it does. Its options stand in the table. */
export interface Command {
  readonly name: CommandName;
  readonly description: string;
  readonly examples: readonly (readonly [args: string, what: string])[];
  /** What its exit status says; undefined: only whether it was done. */
  readonly exitStatus?: string;
  /** @param args as yargs gives them @returns the exit status */
  readonly run: (args: Readonly<Record<string, unknown>>) => Promise<number>;
}

interface Definition<Name extends CommandName> extends Omit<Command, 'run'> {
  readonly name: Name;
  /** What does it: imported when it is asked for, so that help and wrong usage are answered at once. */
  readonly body: () => Promise<(values: ValuesOf<Name>) => number | Promise<number>>;
}

/** Values are read here, once: a body is given no texts. */
export function command<Name extends CommandName>({ body, ...facts }: Definition<Name>): Command {
  return {
    ...facts,
    run: async (args) => {
      const values = valuesOf(facts.name, args);
      return (await body())(values);
    },
  };
}
