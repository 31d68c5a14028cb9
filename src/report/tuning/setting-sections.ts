import type { Results } from '../../model/results.ts';
import { listOf, type Block, type Section, type Table } from '../document.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import type { Deployment } from './deployment.ts';
import { screeningMap, type ScreeningMap } from './screening.ts';
import { settingOf } from './setting.ts';

/** What `tune` found: the code to paste, what it costs and why, and a map of what was screened; nothing of any other run. */
export function settingSections(group: ReportGroup, results: Results, where?: Deployment): readonly Section[] {
  const { tuned } = group;
  if (tuned === undefined) return [];
  const { code, costs, why, notes } = settingOf(group, tuned, results, where);
  const map = screeningMap(tuned);
  const setting: readonly Block[] = [
    ...code.map(({ name, text }): Block => ({
      kind: 'code',
      language: 'js',
      title: `The setting as code: ${name}`,
      isTitled: true,
      text,
    })),
    ...(costs.length === 0 ? [] : [section('What it costs', [listOf(costs)])]),
    ...(why === undefined ? [] : [section('Why', [{ kind: 'paragraph', text: why }])]),
  ];
  const note = map.note === undefined ? '' : `; ${map.note}`;
  return [
    ...(setting.length === 0 ? [] : [section('The setting', setting)]),
    section('What was tried', [
      { kind: 'paragraph', text: notes.join(' ') },
      mapTable(map),
      { kind: 'paragraph', isNote: true, text: `Measured with little evidence, to find the finalists${note}.` },
    ]),
  ];
}

function section(heading: string, blocks: readonly Block[]): Section {
  return { kind: 'section', heading, blocks };
}

/** Shaded by how near a setting came to the best. */
function mapTable({ title, columns, rows }: ScreeningMap): Table {
  return {
    kind: 'table',
    label: `Screening: ${title}`,
    columns: [
      { title, align: 'left' },
      ...columns.map((column) => ({ title: `${column} in flight`, short: `x${column}`, align: 'right' as const })),
    ],
    rows: rows.map(({ name, cells }) => ({
      cells: [
        { text: name },
        ...cells.map((cell) =>
          cell === undefined
            ? { text: '' }
            : { text: cell.text, nearness: nearness(cell.share), ...(cell.share === 1 && { tone: 'strong' as const }) },
        ),
      ],
    })),
  };
}

/** In four shades: as good as the best, near it, half as good, worse. */
function nearness(share: number): 0 | 1 | 2 | 3 {
  if (share >= 0.95) return 3;
  if (share >= 0.8) return 2;
  return share >= 0.5 ? 1 : 0;
}
