/**
 * The table of all options: a row has the kind of its value, its commands and its help. From it come the flags and
 * their help, the checks and types of configuration files and of the API, docs/cli.md, and the command that reproduces
 * a run.
 */
import { AROUND } from './around.ts';
import type { Kind, CommandName, Mark, Option, Options } from './option.ts';
import { LOADING } from './loading.ts';
import { MEASURING } from './measuring.ts';
import { TEACHING } from './teaching.ts';
import { TUNING } from './tuning.ts';

/** Tables in the order of the help; a command takes each name from one of them only. */
const TABLES: readonly Options[] = [TUNING, LOADING, MEASURING, TEACHING, AROUND];
type Tables = readonly [typeof TUNING, typeof MEASURING, typeof TEACHING, typeof AROUND, typeof LOADING];

/** Rows of a command, with their names in code. */
export function optionsOf(command: CommandName): readonly (readonly [name: string, option: Option])[] {
  return TABLES.flatMap((table) => Object.entries(table).filter(([, { on }]) => on[command] !== undefined));
}

/** Names of a command's options that can also be given in that place. */
export function namesIn(command: CommandName, place: Mark): ReadonlySet<string> {
  return new Set(optionsOf(command).flatMap(([name, { marks }]) => (marks.includes(place) ? [name] : [])));
}

/** Name of a flag, without its dashes. */
export function flagOf(name: string, { flag }: Option): string {
  return flag ?? name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** An option as the user writes it: `--pool-size`, or the name of a positional argument. */
export function spelled(name: string, option: Option): string {
  return option.isPositional === true ? flagOf(name, option) : `--${flagOf(name, option)}`;
}

/** A command, up to the end of its sentence, or a flag. */
const COMMAND_OR_FLAG = /\blanewise [a-z]+ .*?(?=[.;:,]?(?: [A-Z]|$))|(?<![\w-])-(?:[a-z]\b|-[a-z]+(?:-[a-z]+)*)/g;

/**
 * A sentence with the flags of a command by their names in code: `Give fewer blocks`, where it had `--blocks`. What it
 * says to type at a prompt, as `lanewise run --resume`, stays as it is.
 */
export function inCode(command: CommandName, sentence: string): string {
  const names = new Map(
    optionsOf(command).flatMap(([name, option]) =>
      [spelled(name, option), ...(option.alias === undefined ? [] : [`-${option.alias}`])].map(
        (flag) => [flag, name] as const,
      ),
    ),
  );
  return sentence.replaceAll(COMMAND_OR_FLAG, (found) => names.get(found) ?? found);
}

type ValueOf<Row> = Row extends { readonly kind: Kind<infer Value, unknown> } ? Value : never;
type GivenOf<Row> = Row extends { readonly kind: { readonly given?: infer Accepted } } ? Accepted : never;
type MarksOf<Row> = Row extends { readonly marks: readonly (infer Marks)[] } ? Marks : never;

/** Names of a table's rows that a command has. */
type NamesOn<Table, Command extends CommandName> = {
  [Name in keyof Table]: Table[Name] extends { readonly on: Readonly<Record<Command, unknown>> } ? Name : never;
}[keyof Table];
/** Names of the rows with a mark. */
type Marked<Table, Names extends keyof Table, As extends Mark> = {
  [Name in Names]: As extends MarksOf<Table[Name]> ? Name : never;
}[Names];

type Values<Table> = { readonly [Name in keyof Table]?: ValueOf<Table[Name]> };
type Given<Table> = { readonly [Name in keyof Table]?: GivenOf<Table[Name]> };
type Needed<Table, Fields extends Readonly<Partial<Record<keyof Table, unknown>>>, Names extends keyof Table> = Pick<
  Fields,
  Names
> &
  Required<Pick<Fields, Marked<Table, Names, 'needed'>>>;
type ValuesIn<Table, Command extends CommandName> = Needed<Table, Values<Table>, NamesOn<Table, Command>>;
type AskedIn<Table, Command extends CommandName, In extends Mark> = Needed<
  Table,
  Given<Table>,
  Marked<Table, NamesOn<Table, Command>, In>
>;

/** Checked values of the options that decide what is measured; options that were not given are missing. */
export type WorkOf<Command extends 'run' | 'tune' | 'load'> = ValuesIn<Tables[0], Command> &
  ValuesIn<Tables[1], Command> &
  ValuesIn<Tables[4], Command>;

/** Checked values of all options of a command. */
export type ValuesOf<Command extends CommandName> = ValuesIn<Tables[0], Command> &
  ValuesIn<Tables[1], Command> &
  ValuesIn<Tables[2], Command> &
  ValuesIn<Tables[3], Command> &
  ValuesIn<Tables[4], Command>;

/** Settings of a command in code, or in a configuration file. */
export type Asked<Command extends CommandName, In extends Mark> = AskedIn<Tables[0], Command, In> &
  AskedIn<Tables[1], Command, In> &
  AskedIn<Tables[2], Command, In> &
  AskedIn<Tables[3], Command, In> &
  AskedIn<Tables[4], Command, In>;
