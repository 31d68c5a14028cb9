import { LanewiseError, didYouMean } from '../model/errors.ts';
import { shellWord } from '../model/text.ts';
import type { CommandName, Mark, Option } from './option.ts';
import { flagOf, namesIn, optionsOf, spelled, type ValuesOf, type WorkOf } from './table.ts';

/**
 * Parses the arguments of a command.
 *
 * @param args texts by flag, from yargs
 * @throws LanewiseError for an invalid value
 */
export function valuesOf<Command extends CommandName>(
  command: Command,
  args: Readonly<Record<string, unknown>>,
): ValuesOf<Command> {
  const values = optionsOf(command).flatMap(([name, option]) => {
    const given = args[flagOf(name, option)];
    if (given === undefined) return [];
    if (option.kind.takes === 'nothing') return [[name, given === true]] as const;
    const all: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (all.includes(false)) throw takesValue(name, option);
    const texts = all.map(String);
    return texts.length === 0 ? [] : ([[name, option.kind.parse(texts, spelled(name, option))]] as const);
  });
  return Object.fromEntries(values) as ValuesOf<Command>;
}

/** Error for `--no-out`, which yargs reads as a false `--out` even if the flag takes a value. */
function takesValue(name: string, option: Option): LanewiseError {
  const flag = flagOf(name, option);
  return new LanewiseError('usage', `Invalid --no-${flag}: --${flag} takes a value. Leave it out.`);
}

/** Picks the values that decide what is measured, and how. */
export function workIn<Command extends 'run' | 'tune' | 'load'>(
  command: Command,
  values: ValuesOf<Command>,
): WorkOf<Command> {
  const ofWork = namesIn(command, 'code');
  return Object.fromEntries(Object.entries(values).filter(([name]) => ofWork.has(name))) as WorkOf<Command>;
}

/** Place where settings were given. */
interface Source {
  /** Name of the place, for errors: `lanewise.config.js`. */
  readonly where: string;
  readonly in: Mark;
  /** Other names allowed there. */
  readonly others?: readonly string[];
}

/** Checks settings from code or a configuration file. @throws LanewiseError also for an unknown setting */
export function checkValues<Command extends CommandName>(
  command: Command,
  given: object,
  { where, in: place, others = [] }: Source,
): ValuesOf<Command> {
  if ('input' in given && 'inputs' in given)
    throw new LanewiseError(
      'usage',
      `${where}: "input" is for every task, "inputs" has one for each. Give one of them.`,
    );
  const options = new Map(optionsOf(command).filter(([, { marks }]) => marks.includes(place)));
  const values = Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
    if (value === undefined) return [];
    const option = options.get(name);
    if (option === undefined)
      throw new LanewiseError('usage', `${where}: unknown setting "${name}".${nearest(name, options, others)}`);
    requireSome(value, name, where);
    return [[name, checkOne(option, value, name, where)] as const];
  });
  return Object.fromEntries(values) as ValuesOf<Command>;
}

/** Lists that have a text of their own, if they are empty. */
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(['workload', 'input', 'inputs']);

/** @throws LanewiseError for an empty list, which would measure nothing without a word */
function requireSome(value: unknown, name: string, where: string): void {
  if (MAY_BE_EMPTY.has(name)) return;
  if (isEmpty(value))
    throw new LanewiseError('usage', `${where}: "${name}" is an empty list. Leave it out, or give at least one.`);
  if (name !== 'params' || typeof value !== 'object' || value === null) return;
  const [param] = Object.entries(value).find(([, values]) => isEmpty(values)) ?? [];
  if (param !== undefined)
    throw new LanewiseError(
      'usage',
      `${where}: "params" has no value for "${param}". Leave it out, or give at least one.`,
    );
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function checkOne({ kind }: Option, value: unknown, name: string, where: string): unknown {
  try {
    return kind.check(value, `"${name}"`);
  } catch (cause) {
    if (!(cause instanceof LanewiseError)) throw cause;
    throw new LanewiseError(cause.code, `${where}: ${cause.message}`, { cause });
  }
}

/** Suggestion for an unknown setting; first one whose flag has that name. */
function nearest(name: string, options: ReadonlyMap<string, Option>, others: readonly string[]): string {
  const flag = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const ofFlag = [...options].find(([known, option]) => flagOf(known, option) === flag)?.[0];
  return ofFlag === undefined ? didYouMean(name, [...options.keys(), ...others]) : ` Did you mean "${ofFlag}"?`;
}

/**
 * Writes the command line for values, for a POSIX shell, with flags in the order of the help.
 *
 * @param values by their names in code; undefined and null are left out
 */
export function writeCommand(command: 'run' | 'tune' | 'load', values: Readonly<Record<string, unknown>>): string {
  const words = optionsOf(command).flatMap(([name, option]) => {
    const { kind, isPositional } = option;
    const value = values[name] ?? undefined;
    const flag = flagOf(name, option);
    if (value === undefined) return [];
    if (kind.takes === 'nothing') return [`--${value === true ? '' : 'no-'}${flag}`];
    return kind.write(value).flatMap((text) => (isPositional === true ? [text] : [`--${flag}`, text]));
  });
  return ['lanewise', command, ...words].map((word) => shellWord(word)).join(' ');
}

/** Picks the options that results record as they were given. */
export function recordedIn(command: 'run' | 'tune' | 'load', options: object): Readonly<Record<string, unknown>> {
  const recorded = new Set(optionsOf(command).flatMap(([name, { isRecorded }]) => (isRecorded === true ? [name] : [])));
  return Object.fromEntries(Object.entries(options).filter(([name]) => recorded.has(name)));
}
