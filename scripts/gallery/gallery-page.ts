import { markdownTable } from 'markdown-table';
import type { Cell, Results } from '../../src/model/results.ts';
import { speedupText, VERDICTS } from '../../src/report/columns.ts';
import { displayable, markdownText } from '../../src/report/displayable.ts';
import { findingOf } from '../../src/report/finding.ts';
import { configurationName } from '../../src/report/names.ts';
import { plural, threeDigits } from '../../src/report/numbers.ts';
import { crossoverSentences } from '../../src/report/scaling-text.ts';
import { shownVerdict } from '../../src/stats/compare.ts';
import { comparisonOf, groupBy, groupResults, isBaseline, type ReportGroup } from '../../src/stats/groups.ts';
import type { ShownWork, Work } from './works.ts';

/** Everything about the works but the introduction of the page. */
export function writeGalleryPage(works: readonly ShownWork[]): string {
  return [
    markdownTable([
      ['question', 'answer'],
      ...works.map(({ work, results }) => [
        `[${work.question}](#${anchorOf(work.title)})`,
        results === undefined ? 'not measured yet' : answersOf(results).join('<br>'),
      ]),
    ]),
    ...works.map(sectionOf),
  ].join('\n\n');
}

/** The sentences with which the report answers; those of the same verdict in one. */
export function answersOf(results: Results): readonly string[] {
  const groups = groupResults(displayable(results));
  const findings = groups.map((group) => ({ name: group.workload.name, ...findingOf(group) }));
  const isOneWork = new Set(findings.map(({ name }) => name)).size === 1;
  return [...groupBy(findings, ({ verdict }) => verdict)].map(([verdict, alike]) => {
    const isAll = isOneWork && alike.length > 1 && alike.length === findings.length;
    const subject = isAll
      ? `${alike[0]?.name}, all ${alike.length} measured`
      : alike.map((one) => one.subject).join(', ');
    return markdownText(`${subject}: ${verdict}`);
  });
}

/** The anchor that GitHub gives to a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

function sectionOf({ work, results, notes }: ShownWork): string {
  return [
    `## ${work.title}`,
    `${work.question}${askedIn(work)}`,
    `**Rule of thumb:** ${work.rule}`,
    ['```sh', `lanewise ${work.command.join(' ')}`, '```'].join('\n'),
    ...(results === undefined ? ['Not measured yet.'] : answerBlocks(work, results)),
    notes,
  ].join('\n\n');
}

/** ` Asked in [nodejs/help#1920](https://github.com/nodejs/help/issues/1920).` */
function askedIn({ threads }: Work): string {
  if (threads.length === 0) return '';
  const links = threads.map((url) => {
    const [, owner, repository, , number] = new URL(url).pathname.split('/');
    return `[${owner}/${repository}#${number}](${url})`;
  });
  return ` Asked in ${links.join(' and ')}.`;
}

function answerBlocks({ name }: Work, results: Results): readonly string[] {
  const shown = displayable(results);
  const groups = groupResults(shown);
  const { cpuModel, cores, node } = shown.environment;
  const at = `../examples/gallery/reports/${name}`;
  const bullets = [...answersOf(results), ...crossoverSentences(shown).map(markdownText)];
  return [
    `**Measured** on ${shown.startedAt.slice(0, 10)}, ${[markdownText(cpuModel), plural(cores, 'CPU'), `Node ${node}`, ...settingsOf(shown)].join(', ')}:`,
    bullets.map((line) => `- ${line}`).join('\n'),
    markdownTable(
      [
        ['work', 'configuration', 'batch, ms', 'speedup (CI)', 'verdict'],
        ...groups.flatMap((group) => group.cells.map((cell) => rowOf(cell, group))),
      ],
      { align: ['l', 'l', 'r', 'r', 'l'] },
    ),
    ...driftOf(shown),
    `The whole report: [as Markdown](${at}/report.md), [as a page](${at}/index.html) to open in a browser.`,
  ];
}

/** The preset, and the params that are the same everywhere, which no row names. */
function settingsOf({ options, workloads }: Results): readonly string[] {
  const [first, ...others] = workloads;
  const common = Object.entries(first?.params ?? {}).filter(([param, value]) =>
    others.every(({ params }) => params[param] === value),
  );
  const named = workloads.length > 1 ? common : Object.entries(first?.params ?? {});
  return [
    ...(options.preset === undefined ? [] : [`preset ${options.preset}`]),
    ...named.map(([param, value]) => markdownText(`${param}=${String(value)}`)),
  ];
}

function driftOf({ warnings, cells }: Results): readonly string[] {
  const drifting = new Set(warnings.flatMap((warning) => (warning.kind === 'drifting-batches' ? [warning.cell] : [])));
  if (drifting.size === 0) return [];
  const of = `${drifting.size} of ${plural(cells.length, 'row')}`;
  return [
    `In ${of}, batches got faster or slower from round to round: warm-up may not have been over (see the report).`,
  ];
}

function rowOf(cell: Cell, group: ReportGroup): readonly string[] {
  const names = [group.title, configurationName(cell)].map(markdownText);
  if (cell.status !== 'ok') return [...names, '', '', 'failed'];
  return [...names, threeDigits(cell.summary.wallMs.median), speedupText(cell, group), verdictText(cell, group)];
}

function verdictText(cell: Cell, group: ReportGroup): string {
  const comparison = comparisonOf(cell, group);
  if (comparison !== undefined) return VERDICTS[shownVerdict(comparison, group.minEffect)];
  return isBaseline(cell, group) ? 'baseline' : 'not compared';
}
