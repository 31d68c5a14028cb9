import type { Kind } from './kind.ts';

export type CommandName = 'run' | 'tune' | 'compare' | 'report' | 'doctor' | 'lessons' | 'list' | 'init';

/** Where an option can be given besides the command line: to a function of the API, in a configuration file. `needed`: it must be given. */
export type Mark = 'code' | 'file' | 'needed';

/** What an option says, and what holds without it. */
export type Help = readonly [what: string, otherwise?: string];
export type HelpOf = { readonly [Command in CommandName]?: Help };

/** What is said of few options only. */
interface Rest {
  /** What it is called on the command line, without its dashes; undefined: as in code, with dashes. */
  readonly flag?: string;
  readonly alias?: string;
  /** It has no flag: it is told by its place on the command line. */
  readonly isPositional?: boolean;
  /** The flag that it contradicts. */
  readonly conflicts?: string;
  /** Results hold it among their options, by the same name: the command that reproduces them has it from there. */
  readonly isRecorded?: boolean;
}

/** A row of the table: all that there is to say of one option. */
export interface Option<
  Value = unknown,
  Given = unknown,
  On extends HelpOf = HelpOf,
  Marks extends Mark = Mark,
> extends Rest {
  readonly kind: Kind<Value, Given>;
  /** By each command that has it. */
  readonly on: On;
  readonly marks: readonly Marks[];
  readonly group: string;
}

/** Makes rows of one group that can be given in the same places. */
export function rows<Marks extends Mark = never>(group: string, ...marks: readonly Marks[]) {
  return <Value, Given, On extends HelpOf>(
    kind: Kind<Value, Given>,
    on: On,
    rest: Rest = {},
  ): Option<Value, Given, On, Marks> => ({ kind, on, marks, group, ...rest });
}

/** Options by what they are called in code. */
export type Options = Readonly<Record<string, Option>>;
