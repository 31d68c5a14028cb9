import Table from 'cli-table3';
import type { Results } from '../../model/results.ts';
import { BORDERLESS } from '../borderless.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import type { Paint } from '../paint.ts';
import { wrap } from '../wrap.ts';
import type { Deployment } from './deployment.ts';
import { screeningMap, type ScreeningMap } from './screening.ts';
import { settingOf } from './setting.ts';

/** What `tune` found, for a terminal: the code, what it costs and why, and what was screened; nothing of any other run. */
export function renderSetting(
  group: ReportGroup,
  results: Results,
  paint: Paint,
  where: Deployment | undefined,
): string {
  const { tuned } = group;
  if (tuned === undefined) return '';
  const { code, costs, why, notes } = settingOf(group, tuned, results, where);
  return [
    ...code.map(({ text }) => indented(text)),
    ...(costs.length === 0
      ? []
      : [[paint('bold', 'What it costs'), ...costs.map((line) => wrap(line, '  '))].join('\n')]),
    ...(why === undefined ? [] : [[paint('bold', 'Why'), wrap(why, '  ')].join('\n')]),
    [paint('bold', 'What was tried'), ...notes.map((line) => wrap(line, '  '))].join('\n'),
    renderMap(screeningMap(tuned), paint),
  ].join('\n\n');
}

function indented(code: string): string {
  return code
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}

function renderMap({ title, note, columns, rows }: ScreeningMap, paint: Paint): string {
  const table = new Table({
    ...BORDERLESS,
    head: [`  ${title}`, ...columns.map((column) => `x${column}`)].map((text) => paint('dim', text)),
    colAligns: ['left', ...columns.map(() => 'right' as const)],
  });
  for (const { name, cells } of rows)
    table.push([
      `  ${name}`,
      ...cells.map((cell) => (cell === undefined ? '' : cell.share === 1 ? paint('bold', cell.text) : cell.text)),
    ]);
  return `${table.toString().replaceAll(/ +$/gm, '')}${note === undefined ? '' : `\n  ${note}`}`;
}
