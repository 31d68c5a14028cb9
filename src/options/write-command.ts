import { flagOf, optionsOf } from './table.ts';

/** A command line that asks for these values, for a POSIX shell. Its flags have the order of the help. @param values by what each is called in code; undefined and null are not asked for */
export function writeCommand(command: 'run' | 'tune', values: Readonly<Record<string, unknown>>): string {
  const words = optionsOf(command).flatMap(([name, option]) => {
    const { kind, isPositional } = option;
    const value = values[name] ?? undefined;
    const flag = flagOf(name, option);
    if (value === undefined) return [];
    if (kind.takes === 'nothing') return [`--${value === true ? '' : 'no-'}${flag}`];
    return kind.write(value).flatMap((text) => (isPositional === true ? [text] : [`--${flag}`, text]));
  });
  return ['lanewise', command, ...words].map(quoted).join(' ');
}

/** Of what results say of their options, what is there as it was asked for. */
export function recordedIn(command: 'run' | 'tune', options: object): Readonly<Record<string, unknown>> {
  const recorded = new Set(optionsOf(command).flatMap(([name, { isRecorded }]) => (isRecorded === true ? [name] : [])));
  return Object.fromEntries(Object.entries(options).filter(([name]) => recorded.has(name)));
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
