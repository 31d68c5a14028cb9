import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { usageOf } from '../../src/cli/yargs-command.ts';
import { commandsFor } from '../../src/commands/all.ts';
import type { Command } from '../../src/commands/command.ts';
import { AROUND } from '../../src/options/around.ts';
import { LOADING } from '../../src/options/loading.ts';
import { MEASURING } from '../../src/options/measuring.ts';
import type { CommandName, Mark, Option } from '../../src/options/option.ts';
import { optionsOf, spelled } from '../../src/options/table.ts';
import { TEACHING } from '../../src/options/teaching.ts';
import { TUNING } from '../../src/options/tuning.ts';

/** Tables by file name. */
const TABLES = { measuring: MEASURING, loading: LOADING, tuning: TUNING, teaching: TEACHING, around: AROUND };

/** docs/cli.md: each command with its options, examples and exit statuses. */
export async function writeCliPage(): Promise<string> {
  return (await commandsFor()).map(sectionOf).join('\n\n');
}

function sectionOf({ name, description, examples, exitStatus }: Command): string {
  const options = optionsOf(name);
  const groups = [...new Set(options.map(([, { group, isPositional }]) => (isPositional ? 'Arguments:' : group)))];
  return [
    `## ${name}`,
    `\`lanewise ${usageOf(name)}\`: ${description}.`,
    ...groups.flatMap((group) => {
      const rows = options.filter(
        ([, { isPositional, ...row }]) => (isPositional ? 'Arguments:' : row.group) === group,
      );
      return [
        `### ${group.replace(/:$/, '')}`,
        markdownTable([
          ['option', 'takes', 'without it', 'what it is'],
          ...rows.map(([key, option]) => rowOf(key, option, name)),
        ]),
      ];
    }),
    ...(exitStatus === undefined ? [] : [`Exit status: ${exitStatus.replaceAll('\n', ' ')}`]),
    ...(examples.length === 0
      ? []
      : [`\`\`\`sh\n${examples.map(([args, what]) => `lanewise ${args}  # ${what}`).join('\n')}\n\`\`\``]),
  ].join('\n\n');
}

function rowOf(name: string, option: Option, command: CommandName): readonly string[] {
  const [what, otherwise = ''] = option.on[command] ?? [''];
  const flags = [spelled(name, option), ...(option.alias === undefined ? [] : [`-${option.alias}`])];
  return [flags.map((flag) => `\`${flag}\``).join(', '), takes(option, what), otherwise, what].map(inTable);
}

function takes({ kind: { takes: how, type } }: Option, what: string): string {
  if (how === 'nothing') return 'nothing';
  // Values of these may have commas.
  if (how === 'texts') return /repeat/.test(what) ? 'values' : 'a list';
  // Names are spelled alike on the command line and in code.
  return type.startsWith("'") ? type.replaceAll("'", '').replaceAll(' | ', ', ') : 'a value';
}

/**
 * Table of the fields of a type that is derived from the options.
 *
 * @param sources the folder with the rows, whose docstrings describe the fields
 * @throws Error for a row without a docstring
 */
export function fieldsOf(command: CommandName, place: Mark, sources: string): string {
  const docs = docsIn(sources);
  return markdownTable([
    ['field', 'type', 'flag', 'meaning'],
    ...optionsOf(command)
      .filter(([, { marks }]) => marks.includes(place))
      .map(([name, option]) => [
        `\`${name}${option.marks.includes('needed') ? '' : '?'}\``,
        `\`${option.kind.type}\``,
        option.isPositional ? '' : `\`${spelled(name, option)}\``,
        docs.get(option) || noDocstring(name),
      ])
      .map((cells) => cells.map(inTable)),
  ]);
}

function noDocstring(name: string): never {
  throw new Error(`Option ${name} can be set in code but has no docstring: add one to its row.`);
}

function inTable(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

/** Docstrings of the rows. */
function docsIn(folder: string): ReadonlyMap<Option, string> {
  return new Map(
    Object.entries(TABLES).flatMap(([file, table]) => {
      const text = readFileSync(join(folder, `${file}.ts`), 'utf8');
      return Object.entries(table).map(([name, option]) => {
        const [, doc = ''] = new RegExp(String.raw`^  /\*\*((?:(?!\*/)[^])*)\*/\n  ${name}: `, 'm').exec(text) ?? [];
        return [option, doc.replaceAll(/\s*\n\s*\*?\s*/g, ' ').trim()] as const;
      });
    }),
  );
}
