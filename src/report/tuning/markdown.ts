import { markdownTable } from 'markdown-table';
import type { Results } from '../../model/results.ts';
import { codeFence, markdownText } from '../escape.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { screeningMap } from './screening.ts';
import { settingOf } from './setting.ts';

/** What `tune` found, for a pull request; nothing of any other run. */
export function settingMarkdown(group: ReportGroup, results: Results): string {
  const { tuned } = group;
  if (tuned === undefined) return '';
  const { code, costs, why, notes } = settingOf(group, tuned, results);
  const { title, note, columns, rows } = screeningMap(tuned);
  const table = markdownTable(
    [
      [title, ...columns.map((column) => `x${column}`)],
      ...rows.map(({ name, cells }) => [markdownText(name), ...cells.map((cell) => cell?.text ?? '')]),
    ],
    { align: ['l', ...columns.map(() => 'r')], padding: false, alignDelimiters: false },
  );
  return [
    ...(code.length === 0 ? [] : ['## The setting', ...code.map(({ text }) => codeFence(text, 'js'))]),
    ...(costs.length === 0 ? [] : [['What it costs:', ...costs.map((line) => `- ${markdownText(line)}`)].join('\n')]),
    ...(why === undefined ? [] : [`Why: ${markdownText(why)}`]),
    '## What was tried',
    notes.map(markdownText).join('\n'),
    table,
    ...(note === undefined ? [] : [note]),
  ].join('\n\n');
}
