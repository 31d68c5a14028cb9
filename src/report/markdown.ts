import { markdownTable } from 'markdown-table';
import type { Results, Timeline } from '../model/results.ts';
import { lastMs } from '../stats/timeline-bars.ts';
import { ceilingSentence } from './ceiling-text.ts';
import { COLUMNS } from './columns.ts';
import { commandText } from './command-text.ts';
import { clip, displayable } from './displayable.ts';
import { codeFence, markdownText } from './escape.ts';
import { interruption } from './evidence-text.ts';
import { factsOf } from './facts.ts';
import { groupResults, type ReportGroup } from '../stats/groups.ts';
import { headline } from './headline.ts';
import { methodLines, WORDS } from './method-text.ts';
import { failurePlace, failureText, shortId, wayName, workName } from './names.ts';
import { threeDigits } from './numbers.ts';
import { LANE_LABEL_WIDTH, laneLabel, lanesLeftOut, timelineCaption, timelineRows } from './timeline-text.ts';
import { crossoverSentences, scalingSentences } from './scaling-text.ts';
import { settingMarkdown } from './tuning/markdown.ts';
import { verdictSentence } from './verdict.ts';
import { warningsInOrder, warningText } from './warning-text.ts';

const TIMELINE_WIDTH = 72;
/** A comment on GitHub may have 65,536 characters; a little is left for what others write around it. */
const LIMIT_BYTES = 60_000;
const STACK_LIMIT = 1500;
/** Shows that the file may be overwritten; no reader sees it. */
const MARK = '\n<!-- Written by Lanewise -->\n';

/** How much of the results is told. */
interface Detail {
  readonly timelines: boolean;
  /** Of each table. */
  readonly rows: number;
  readonly groups: number;
  readonly warnings: number;
  /** What is missing then; undefined: nothing. */
  readonly without: string | undefined;
}

const ALL = Number.POSITIVE_INFINITY;
/** From all to so little that it fits whatever was measured. */
const DETAILS: readonly Detail[] = [
  { timelines: true, rows: ALL, groups: ALL, warnings: ALL, without: undefined },
  { timelines: false, rows: ALL, groups: ALL, warnings: ALL, without: 'the timelines' },
  {
    timelines: false,
    rows: 12,
    groups: ALL,
    warnings: 20,
    without: 'the timelines and all but the 12 fastest ways of each workload',
  },
  {
    timelines: false,
    rows: 3,
    groups: 40,
    warnings: 10,
    without: 'the timelines, all but the 3 fastest ways of each workload, and all but the first 40 workloads',
  },
  ...[200, 100, 40, 10].map((groups) => ({
    timelines: false,
    rows: 0,
    groups,
    warnings: 5,
    without: `all but the verdicts of the first ${groups} workloads`,
  })),
];

/**
 * The report for a pull request or a job summary: verdicts first, then every number, then how they came about. Never
 * longer than such a place can hold: what does not fit is left out, and that is said.
 */
export function renderMarkdown(raw: Results): string {
  const results = displayable(raw);
  const groups = groupResults(results);
  for (const detail of DETAILS) {
    const text = renderWith(results, groups, detail);
    if (Buffer.byteLength(text) <= LIMIT_BYTES) return `${text}${MARK}`;
  }
  const least = { timelines: false, rows: 0, groups: 10, warnings: 0, without: 'most of it' } as const;
  return `${cut(renderWith(results, groups, least))}${MARK}`;
}

/** At the end of a line. Names can be longer than any limit. */
function cut(text: string): string {
  const note = '\n\n(cut off here)\n';
  const start = Buffer.from(text)
    .subarray(0, LIMIT_BYTES - Buffer.byteLength(note))
    .toString();
  return `${start.slice(0, Math.max(start.lastIndexOf('\n'), 0))}${note}`;
}

function renderWith(results: Results, groups: readonly ReportGroup[], detail: Detail): string {
  const shown = groups.slice(0, detail.groups);
  const interrupted = interruption(results);
  const parts = [
    `# ${markdownText(headline(groups))}`,
    ...(interrupted === undefined ? [] : [`**${markdownText(interrupted)}**`]),
    ...(detail.without === undefined
      ? []
      : [
          `Too long for this place: ${detail.without} left out. The page \`index.html\` and \`results.json\` have everything.`,
        ]),
    `Measured on ${factsOf(results).map(markdownText).join(' · ')}`,
    warnings(results, detail),
    shown.map((group) => `- **${markdownText(verdictSentence(group))}**`).join('\n'),
    crossoverSentences(results)
      .slice(0, detail.groups)
      .map((sentence) => `- ${markdownText(sentence)}`)
      .join('\n'),
    ...shown.map((group) => settingMarkdown(group, results)),
    ...(detail.rows === 0 ? [] : shown.map((group) => renderGroup(group, results, detail))),
    ...(detail.rows === 0 ? [] : [method(results)]),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function warnings(results: Results, { warnings: most }: Detail): string {
  if (results.warnings.length === 0) return '';
  const more = results.warnings.length - most;
  return [
    '## Warnings',
    ...warningsInOrder(results.warnings)
      .slice(0, most)
      .map((warning) => `- ${markdownText(warningText(warning))}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}

function renderGroup(group: ReportGroup, results: Results, detail: Detail): string {
  const { title, workload, cells } = group;
  const failed = cells.filter((cell) => cell.status === 'failed').slice(0, detail.rows);
  return [
    `## ${markdownText(title)} (${workName(workload)})`,
    renderTable(group, detail),
    markdownText(ceilingSentence(group) ?? ''),
    scalingSentences(group, results.environment.cores)
      .map((sentence) => `- ${markdownText(sentence)}`)
      .join('\n'),
    ...failed.map(
      (cell) =>
        `Failed: ${markdownText(`${cell.id}${failurePlace(cell.error)}`)}:\n\n${codeFence(clip(failureText(cell.error), STACK_LIMIT))}`,
    ),
    detail.timelines ? renderTimelines(group, results) : '',
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderTable(group: ReportGroup, { rows: most }: Detail): string {
  const rows = group.cells
    .slice(0, most)
    .map((cell) => [
      markdownText(`${wayName(cell)} – ${shortId(cell)}`),
      ...(cell.status === 'ok' ? COLUMNS.map(({ text }) => text(cell, group)) : ['failed']),
    ]);
  return markdownTable([['way', ...COLUMNS.map(({ title }) => title)], ...rows], {
    align: ['l', ...COLUMNS.map(() => 'r')],
    // Aligned for a reader of the source, three times as long.
    padding: false,
    alignDelimiters: false,
  });
}

function renderTimelines(group: ReportGroup, { timelines }: Results): string {
  const strategyOf = new Map(group.cells.map((cell) => [cell.id, cell.strategy]));
  const own = timelines.filter(({ cell }) => strategyOf.has(cell));
  const startsLanes = ({ cell }: Timeline): boolean => strategyOf.get(cell)?.endsWith('-per-task') ?? false;
  // Starting a lane for every task takes so long that nothing else would be seen on the same scale.
  const parts = [own.filter((timeline) => !startsLanes(timeline)), own.filter(startsLanes)].filter(
    (part) => part.length > 0,
  );
  if (parts.length === 0) return '';
  const caption =
    'A row for each worker; a digit is a running task, `·` is a waiting one. Each is one traced batch of up to three, the one nearest to the median measured batch.';
  const drawn = parts.map((part) => drawTimelines(part, group));
  return `<details><summary>Timelines</summary>\n\n${[caption, ...drawn].join('\n\n')}\n\n</details>`;
}

/** On one time scale. */
function drawTimelines(timelines: readonly Timeline[], { cells, workload }: ReportGroup): string {
  const totalMs = lastMs(timelines);
  const drawn = timelines.map((timeline) => {
    const cell = cells.find(({ id }) => id === timeline.cell);
    const label = (lane: number): string => (cell === undefined ? String(lane) : laneLabel(cell, lane));
    const rows = timelineRows(timeline, totalMs, TIMELINE_WIDTH).map(
      ({ lane, line }) => `  ${label(lane).padEnd(LANE_LABEL_WIDTH)}${line}`,
    );
    const more = lanesLeftOut(timeline);
    if (more !== undefined) rows.push(`  ${more}`);
    const caption = cell && timelineCaption(timeline, cell, workload.tasks);
    const name = cell === undefined ? timeline.cell : shortId(cell);
    return [caption === undefined ? name : `${name} · ${caption}`, ...rows].join('\n');
  });
  return `${threeDigits(totalMs)} ms from left to right:\n\n${codeFence(drawn.join('\n'))}`;
}

function method(results: Results): string {
  const lines = [
    ...methodLines(results).map(markdownText),
    ...WORDS.map(([word, meaning]) => `**${word}**: ${markdownText(meaning)}`),
  ].map((line) => `- ${line}`);
  return `<details><summary>How it was measured</summary>\n\n${lines.join('\n')}\n\nMuch the same again:\n\n${codeFence(commandText(results))}\n\n</details>`;
}
