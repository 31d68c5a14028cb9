import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import type { Cell, Results, Verdict } from '../model/results.ts';
import { lastMs } from '../stats/timeline-bars.ts';
import { BORDERLESS } from './borderless.ts';
import { ceilingSentence } from './ceiling-text.ts';
import { shortSpeedup } from './columns.ts';
import { displayable } from './displayable.ts';
import { interruption } from './evidence-text.ts';
import { factsOf } from './facts.ts';
import { comparisonOf, groupResults, type ReportGroup } from '../stats/groups.ts';
import { headlineClauses } from './headline.ts';
import { errorText, failurePlace, shortId, workName } from './names.ts';
import { plural, ratio, threeDigits } from './numbers.ts';
import type { Paint, Style } from './paint.ts';
import { LANE_LABEL_WIDTH, laneLabel, lanesLeftOut, timelineCaption, timelineRows } from './timeline-text.ts';
import { crossoverSentences, scalingSentences } from './scaling-text.ts';
import type { Deployment } from './tuning/deployment.ts';
import { renderSetting } from './tuning/terminal.ts';
import { VERDICT_STYLES } from './verdict-styles.ts';
import { verdictSentence } from './verdict.ts';
import { isAboveVerdict, warningText } from './warning-text.ts';
import { wrap } from './wrap.ts';

/** What fits a terminal of 80 columns beside the name of a lane. */
const TIMELINE_WIDTH = 60;

/**
 * The report for a terminal: verdicts, then for each workload a table and a timeline, then the warnings.
 *
 * @param where the code of a tuning is to run, as far as results do not tell it
 */
export function renderTerminal(raw: Results, paint: Paint, where?: Deployment): string {
  const results = displayable(raw);
  const groups = groupResults(results);
  const interrupted = interruption(results);
  const above = results.warnings.filter(isAboveVerdict);
  const parts = [
    ...(interrupted === undefined ? [] : [inColor(wrap(interrupted), 'yellow', paint)]),
    renderWarnings('Warnings', above, paint),
    headlineClauses(groups)
      .map((clause) => inColor(wrap(clause), 'bold', paint))
      .join('\n'),
    groups.map((group) => wrap(verdictSentence(group))).join('\n\n'),
    crossoverSentences(results)
      .map((sentence) => wrap(sentence))
      .join('\n'),
    ...groups.map((group) => renderSetting(group, results, paint, where)),
    ...groups.map((group) => renderGroup(group, results, paint)),
    renderWarnings(
      above.length > 0 ? 'More warnings' : 'Warnings',
      results.warnings.filter((warning) => !isAboveVerdict(warning)),
      paint,
    ),
    wrap(factsOf(results).join(' · ')),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Each line by itself: a colour that goes over the end of a line would colour what a pager shows beside it. */
function inColor(text: string, style: Style, paint: Paint): string {
  return text
    .split('\n')
    .map((line) => paint(style, line))
    .join('\n');
}

function renderGroup(group: ReportGroup, results: Results, paint: Paint): string {
  const { title, workload } = group;
  const heading = wrap(`${title} · ${workName(workload)} · batches of ${plural(workload.tasks, 'task')}`);
  const failed = group.cells.filter((cell) => cell.status === 'failed');
  // What stopped all of them is told once.
  const told = failed.filter(
    (cell, index) => failed.findIndex(({ error }) => error.message === cell.error.message) === index,
  );
  const errors = told.map((cell) => failure(cell, paint));
  const ceiling = ceilingSentence(group);
  return [
    inColor(heading, 'bold', paint),
    ...(group.cells.length === 0 ? [] : [renderTable(group, paint)]),
    ...(ceiling === undefined ? [] : [wrap(ceiling)]),
    ...scalingSentences(group, results.environment.cores).map((sentence) => wrap(sentence)),
    ...errors,
    renderTimelines(group, results),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

interface Column {
  readonly head: string;
  readonly align: 'left' | 'right';
}

/** Two lines each, so that all of them fit 80 columns. */
const COLUMNS: readonly Column[] = [
  { head: 'configuration', align: 'left' },
  { head: 'batch\nms', align: 'right' },
  { head: 'speedup', align: 'left' },
  { head: 'verdict', align: 'left' },
  { head: 'in\nflight', align: 'right' },
  { head: 'CPUs\nused', align: 'right' },
  { head: 'task ms\np50/p99', align: 'right' },
  { head: 'loop\np99', align: 'right' },
];
/** Left out, the first first, where long names leave no room for them: the page has them. */
const LEAST_NEEDED = ['in\nflight', 'CPUs\nused', 'verdict'];
const WIDTH = 80;

function renderTable(group: ReportGroup, paint: Paint): string {
  const rows = group.cells.map((cell) => row(cell, group, paint));
  let table = '';
  for (let without = 0; without <= LEAST_NEEDED.length; without++) {
    const missing = new Set(LEAST_NEEDED.slice(0, without));
    const isShown = (_text: unknown, index: number): boolean => !missing.has(COLUMNS[index]?.head ?? '');
    table = tableOf(
      COLUMNS.filter(isShown),
      rows.map((cells) => cells.filter(isShown)),
      paint,
    );
    if (
      stripVTControlCharacters(table)
        .split('\n')
        .every(({ length }) => length <= WIDTH)
    )
      break;
  }
  return table;
}

function tableOf(columns: readonly Column[], rows: readonly (readonly string[])[], paint: Paint): string {
  const table = new Table({
    ...BORDERLESS,
    head: columns.map(({ head }) => inColor(head, 'dim', paint)),
    colAligns: columns.map(({ align }) => align),
  });
  for (const cells of rows) table.push([...cells]);
  return table.toString().replaceAll(/ +$/gm, '');
}

function row(cell: Cell, group: ReportGroup, paint: Paint): string[] {
  const name = shortId(cell);
  if (cell.status === 'failed') return [name, '–', '', paint('red', 'failed'), '', '', '', ''];
  const { wallMs, inProgress, coresUsed, taskMs, loopDelayMs } = cell.summary;
  const comparison = comparisonOf(cell, group);
  const isChoice = cell === group.choice;
  return [
    isChoice ? paint('bold', name) : name,
    threeDigits(wallMs.median),
    shortSpeedup(cell, group),
    comparison === undefined ? '' : paint(VERDICT_STYLES[comparison.verdict], shortVerdict(comparison.verdict)),
    ratio(inProgress),
    ratio(coresUsed),
    `${threeDigits(taskMs.p50)}/${threeDigits(taskMs.p99)}`,
    threeDigits(loopDelayMs.p99),
  ];
}

function shortVerdict(verdict: Verdict): string {
  return verdict === 'inconclusive' ? 'unclear' : verdict;
}

function failure(cell: Extract<Cell, { status: 'failed' }>, paint: Paint): string {
  const text = `${shortId(cell)} failed${failurePlace(cell.error)}: ${errorText(cell.error)}`;
  return inColor(wrap(text), 'red', paint);
}

/** The baseline and the choice, on one scale: taking turns beside running at once. */
function renderTimelines(group: ReportGroup, { timelines }: Results): string {
  const ids = new Set([group.baseline?.id, group.choice?.id, group.recommendation?.fastest]);
  const shown = timelines.filter(({ cell }) => ids.has(cell));
  const totalMs = lastMs(shown);
  if (totalMs === 0) return '';
  const lines = shown.flatMap((timeline) => {
    const cell = group.cells.find(({ id }) => id === timeline.cell);
    if (cell === undefined) return [];
    const rows = timelineRows(timeline, totalMs, TIMELINE_WIDTH).map(
      ({ lane, line }) => `  ${laneLabel(cell, lane).padEnd(LANE_LABEL_WIDTH)}${line}`,
    );
    const more = lanesLeftOut(timeline);
    const caption = timelineCaption(timeline, cell, group.workload.tasks);
    return [
      `  ${shortId(cell)}${caption === undefined ? '' : ` · ${caption}`}`,
      ...rows,
      ...(more === undefined ? [] : [`  ${more}`]),
    ];
  });
  return ['', `Timeline, 0–${threeDigits(totalMs)} ms: a digit is a running task, · is a waiting one`, ...lines].join(
    '\n',
  );
}

function renderWarnings(title: string, warnings: Results['warnings'], paint: Paint): string {
  if (warnings.length === 0) return '';
  return [paint('yellow', title), ...warnings.map((warning) => wrap(`- ${warningText(warning)}`))].join('\n');
}
