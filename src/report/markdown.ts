import { markdownTable } from 'markdown-table';
import type { Cell, Results, Timeline } from '../model.ts';
import { ceilingSentence } from './ceiling-text.ts';
import { codeFence, markdownText } from './escape.ts';
import { evidenceText, timeText } from './evidence-text.ts';
import { groupResults, isBaseline, type ReportGroup } from './groups.ts';
import { failurePlace, failureText, shortId, wayName, workName } from './names.ts';
import { orNotMeasured, percent, plural, ratio, threeDigits } from './numbers.ts';
import { lastMs, timelineRows } from './timeline-text.ts';
import { verdictSentence } from './verdict.ts';
import { warningText } from './warning-text.ts';

const TIMELINE_WIDTH = 72;

/** The report for a pull request or a job summary: verdicts first, then every number, then how they came about. */
export function renderMarkdown(results: Results): string {
  const groups = groupResults(results);
  const parts = [
    '# Event loop, threads or processes?',
    ...(results.complete ? [] : ['**Interrupted:** this is what was measured until then.']),
    groups.map((group) => `- **${markdownText(verdictSentence(group))}**`).join('\n'),
    facts(results),
    warnings(results),
    ...groups.map((group) => renderGroup(group, results)),
    method(results),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function facts(results: Results): string {
  const { environment, options, startedAt } = results;
  const { cpuModel, cores, node, os } = environment;
  return [
    cpuModel,
    plural(cores, 'usable core'),
    `Node ${node}`,
    os,
    evidenceText(options),
    timeText(results),
    startedAt,
  ]
    .map(markdownText)
    .join(' · ');
}

function warnings(results: Results): string {
  if (results.warnings.length === 0) return '';
  return ['## Read with care', ...results.warnings.map((warning) => `- ${markdownText(warningText(warning))}`)].join(
    '\n',
  );
}

function renderGroup(group: ReportGroup, results: Results): string {
  const { title, workload, recommendation, cells } = group;
  const failed = cells.filter((cell) => cell.status === 'failed');
  const because =
    recommendation === undefined ? '' : markdownText(`Choose ${recommendation.choose}: ${recommendation.because}.`);
  return [
    `## ${markdownText(title)} (${workName(workload.bound)})`,
    because,
    renderTable(group),
    markdownText(ceilingSentence(group) ?? ''),
    ...failed.map(
      (cell) =>
        `${markdownText(`${cell.id} failed${failurePlace(cell.error)}`)}:\n\n${codeFence(failureText(cell.error))}`,
    ),
    renderTimelines(group, results),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

type Column = readonly [title: string, read: (cell: Extract<Cell, { status: 'ok' }>, group: ReportGroup) => string];

const COLUMNS: readonly Column[] = [
  ['batch, ms', ({ summary: { wallMs } }) => interval(wallMs.median, wallMs.lo, wallMs.hi)],
  ['times as fast', speedupText],
  ['verdict', (cell, { comparisons }) => comparisons.find(({ contender }) => contender === cell.id)?.verdict ?? ''],
  ['tasks/s', ({ summary }) => threeDigits(summary.tasksPerSecond)],
  ['in progress', ({ summary }) => ratio(summary.inProgress)],
  ['cores used', ({ summary }) => ratio(summary.coresUsed)],
  ['CPU ms/task', ({ summary }) => threeDigits(summary.cpuMsPerTask)],
  ['task p50, ms', ({ summary }) => threeDigits(summary.taskMs.p50)],
  ['task p99, ms', ({ summary }) => threeDigits(summary.taskMs.p99)],
  ['dispatch p50, ms', ({ summary }) => threeDigits(summary.dispatchMs.p50)],
  ['loop delay p99, ms', ({ summary }) => threeDigits(summary.loopDelayMs.p99)],
  [
    'switches vol./invol.',
    ({ summary: { contextSwitches } }) =>
      contextSwitches === null
        ? 'not measured'
        : `${threeDigits(contextSwitches.voluntary)} / ${threeDigits(contextSwitches.involuntary)}`,
  ],
  ['memory, MiB', ({ summary }) => orNotMeasured(summary.memoryMiB)],
  ['start-up, ms', ({ summary }) => threeDigits(summary.startupMs)],
  ['paid back after', payback],
];

function renderTable(group: ReportGroup): string {
  const rows = group.cells.map((cell) => [
    markdownText(`${wayName(cell)} – ${shortId(cell)}`),
    ...(cell.status === 'ok' ? COLUMNS.map(([, read]) => read(cell, group)) : ['failed']),
  ]);
  return markdownTable([['way', ...COLUMNS.map(([title]) => title)], ...rows], {
    align: ['l', ...COLUMNS.map(() => 'r')],
  });
}

function speedupText(cell: Cell, group: ReportGroup): string {
  const comparison = group.comparisons.find(({ contender }) => contender === cell.id);
  if (comparison === undefined) return isBaseline(cell, group) ? '1.00 (baseline)' : 'not compared';
  const { estimate, lo, hi } = comparison.speedup;
  return `${ratio(estimate)} (${ratio(lo)} to ${ratio(hi)})`;
}

/** How many batches it takes until the lanes have saved what starting them cost, where they were shown to save any. */
function payback(cell: Extract<Cell, { status: 'ok' }>, { baseline, comparisons }: ReportGroup): string {
  const verdict = comparisons.find(({ contender }) => contender === cell.id)?.verdict;
  if (baseline?.status !== 'ok' || verdict === undefined || verdict === 'inconclusive') return '';
  const savedMs = baseline.summary.wallMs.median - cell.summary.wallMs.median;
  const extraMs = Math.max(0, cell.summary.startupMs - baseline.summary.startupMs);
  return verdict !== 'faster' || savedMs <= 0 ? 'never' : plural(Math.ceil(extraMs / savedMs), 'batch', 'batches');
}

function interval(median: number, lo: number | null, hi: number | null): string {
  return lo === null || hi === null
    ? threeDigits(median)
    : `${threeDigits(median)} (${threeDigits(lo)} to ${threeDigits(hi)})`;
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
  const caption = 'Who runs when: a row per lane; a number is a task that runs, `·` is waiting.';
  return `<details><summary>Timelines</summary>\n\n${[caption, ...parts.map(drawTimelines)].join('\n\n')}\n\n</details>`;
}

/** On one time scale. */
function drawTimelines(timelines: readonly Timeline[]): string {
  const totalMs = lastMs(timelines);
  const drawn = timelines.map((timeline) =>
    [timeline.cell, ...timelineRows(timeline, totalMs, TIMELINE_WIDTH).map((line, lane) => `  ${lane}  ${line}`)].join(
      '\n',
    ),
  );
  return `${threeDigits(totalMs)} ms from left to right:\n\n${codeFence(drawn.join('\n'))}`;
}

/** Of what was disturbed, and what was done about it. */
function noiseLines({ noise = [] }: Results): readonly string[] {
  return noise.map(
    ({ workload, hit, repeated, blocks }) =>
      `${workload}: ${hit} of ${plural(blocks.length, 'block')} ${hit === 1 ? 'was' : 'were'} disturbed from outside beyond the limits, ${repeated} measured again.`,
  );
}

function method(results: Results): string {
  const { options, environment, seed, tool, orchestratorCpu } = results;
  const lines = [
    `Each way ran in a process of its own, started afresh for each block (${evidenceText(options)}); in a block every way ran ${plural(options.rounds, 'batch', 'batches')}, in random order and then in its reverse. Every way gave the same results for the same inputs.`,
    `“Times as fast” is the Hodges-Lehmann estimate over the blocks; its interval inverts the exact Wilcoxon signed-rank test, at 95 % shared among the comparisons of a workload. Within ${percent(options.minEffect)} either way counts as the same.`,
    ...noiseLines(results),
    `In progress is the mean number of tasks started and not finished (concurrency); cores used is CPU time over wall time (parallelism).`,
    `Lanewise ${tool.version}, seed ${seed}, V8 ${environment.v8}, preset ${options.preset}${orchestratorCpu === undefined ? '' : `; the measuring process itself used ${percent(orchestratorCpu)} of a core while batches ran`}.`,
  ];
  return `<details><summary>How it was measured</summary>\n\n${lines.map((line) => `- ${markdownText(line)}`).join('\n')}\n\n</details>`;
}
