/** The rates that the configurations hold, in words and as a table. */
import type { Held, HeldComparison, LoadCell, LoadResults, LoadWorkload, MeasuredLoadCell } from '../../model/load.ts';
import { LONG_WINDOW } from '../../model/schema/held.ts';
import { familyOf } from '../../model/strategies.ts';
import { judgedCell } from '../columns.ts';
import { paragraph, present, section, type Block, type Cell, type Table } from '../document.ts';
import { capital, configurationName, isMany } from '../names.ts';
import { listed, ms, percent, ratio, threeDigits } from '../numbers.ts';
import { pingAt } from './pings.ts';
import { strategyText } from './versions.ts';

/** Undefined if the rates were given, the search was interrupted, or the times are in doubt. */
export function heldSentence({ name }: LoadWorkload, results: LoadResults): string | undefined {
  const held = results.held?.filter(({ workload }) => workload === name) ?? [];
  if (held.length === 0) return undefined;
  const nameOf = (id: string): string => nameIn(results.cells, id);
  if (held.every(({ kind }) => kind === 'none'))
    return 'no rate holds it, since a task that meets no other already takes longer.';
  const timely = held.filter(({ isDriverLimited }) => isDriverLimited !== true);
  if (!results.complete) return `no verdict: interrupted.${estimatesText(timely, results)}`;
  const recommendation = results.recommendations?.find(({ workload }) => workload === name);
  if (recommendation === undefined) return mostSentence(timely, results);
  const { choose, tied } = recommendation;
  const choice = held.find(({ cell }) => cell === choose);
  const comparison = results.heldComparisons?.find(({ contender }) => contender === choose);
  const others = tied.filter((id) => id !== choose);
  return [
    `use ${nameOf(choose)}.`,
    choice && `${capital(holdWords(choice, results))}${thanBaseline(comparison, results)}.`,
    choice && sustainedWords(choice),
    others.length > 0 && `Tied with: ${listed(others.map(nameOf), 3)}.`,
  ]
    .filter((part) => typeof part === 'string')
    .join(' ');
}

/** Why a search that came to its end has no rate to show. */
export function unknownHeldClause(cells: readonly MeasuredLoadCell[]): string {
  const isLate = cells.some(({ rates }) => rates.some(({ holds }) => holds === 'driver-limited'));
  return isLate ? LATE_DRIVER : 'the windows that were measured do not show which rate is held';
}

const LATE_DRIVER = 'the driver was late in too many windows to know which rate is held';

/** Without verdicts, the highest estimate. */
function mostSentence(held: readonly Held[], results: LoadResults): string {
  const [most, ...rest] = held.toSorted((a, b) => estimateOf(b) - estimateOf(a));
  if (most === undefined || most.rate === null) return `${LATE_DRIVER}.`;
  const none = rest.filter(({ kind }) => kind === 'none').map(({ cell }) => nameIn(results.cells, cell));
  const others = none.length === rest.length ? '' : ', the highest rate; too little was measured for a verdict';
  const hopeless = none.length === 0 ? '' : `; no rate holds it with ${listed(none, 3)}`;
  return [`${holdWords(most, results)}${others}${hopeless}.`, ...present(sustainedWords(most))].join(' ');
}

function sustainedWords(held: Held): string | undefined {
  const rate = sustainedRate(held);
  return rate === undefined ? undefined : `Forecast under sustained load: ${threeDigits(rate)} a second.`;
}

/** Tasks a second that a plain queue like the configuration holds in long windows; undefined: that is not known. */
function sustainedRate({ rate, lastingShare }: Held): number | undefined {
  return rate === null || lastingShare === undefined ? undefined : rate.estimate * lastingShare;
}

function estimateOf({ rate }: Held): number {
  return rate?.estimate ?? 0;
}

/** From fewer blocks an estimate is too rough for a headline; the table has it. */
const LEAST_BLOCKS = 3;

/** ` Estimated so far: the event loop 87.0, 2 worker threads at least 168 tasks a second.`; empty without any. */
function estimatesText(held: readonly Held[], results: LoadResults): string {
  const estimates = held.filter(({ blocks }) => blocks >= LEAST_BLOCKS).map((one) => soFar(one, results));
  return estimates.length === 0 ? '' : ` Estimated so far: ${listed(estimates, 3)} tasks a second.`;
}

/** `2 worker threads at least 168`. */
function soFar(held: Held, { cells }: LoadResults): string {
  return `${nameIn(cells, held.cell)} ${boundWords(held)}${threeDigits(estimateOf(held))}`;
}

/** Empty if the rate lies within those measured. */
function boundWords({ kind }: Held): string {
  return kind === 'above' ? 'at least ' : kind === 'below' ? 'less than ' : '';
}

/** `2 worker threads hold 168 tasks a second (95% CI 162–173)`. */
function holdWords(held: Held, { cells }: LoadResults): string {
  const { cell: id, rate } = held;
  const cell = cells.find((one) => one.id === id);
  const verb = cell !== undefined && isMany(cell) ? 'hold' : 'holds';
  const interval = rate === null ? '' : rangeText(rate, threeDigits);
  const ci = interval === '' ? '' : ` (95% CI ${interval})`;
  return `${nameIn(cells, id)} ${verb} ${boundWords(held)}${threeDigits(estimateOf(held))} tasks a second${ci}`;
}

function thanBaseline(comparison: HeldComparison | undefined, { cells }: LoadResults): string {
  const estimate = comparison?.speedup.estimate;
  if (comparison === undefined || estimate === undefined || estimate === null) return '';
  const bound =
    comparison.speedup.kind === 'above' ? 'at least ' : comparison.speedup.kind === 'below' ? 'at most ' : '';
  return `, ${bound}${ratio(estimate)}× the rate of ${nameIn(cells, comparison.baseline)}`;
}

function nameIn(cells: readonly LoadCell[], id: string): string {
  const cell = cells.find((one) => one.id === id);
  return cell === undefined ? id : configurationName(cell);
}

/** Empty if neither end is known. */
function rangeText({ lo, hi }: Pick<NonNullable<Held['rate']>, 'lo' | 'hi'>, show: (value: number) => string): string {
  if (lo === null) return hi === null ? '' : `at most ${show(hi)}`;
  return hi === null ? `from ${show(lo)}` : `${show(lo)}–${show(hi)}`;
}

/** The rates that are held, one configuration in each row. */
export function heldBlocks(workload: LoadWorkload, results: LoadResults): readonly Block[] {
  const held = results.held?.filter((one) => one.workload === workload.name) ?? [];
  if (held.length === 0) return [];
  // Rates that were not measured yet may lie beyond.
  const limited = held.filter(
    ({ kind, isDriverLimited }) => results.complete && kind === 'above' && isDriverLimited !== true,
  );
  const late = held.filter(({ isDriverLimited }) => isDriverLimited === true);
  const table = section(
    results.complete ? 'Rates that are held' : 'Rates that may be held, as estimated so far',
    present<Block>(
      heldTable(held, workload, results),
      held.some(hasForecast) && paragraph(SUSTAINED, 'quiet'),
      limited.length > 0 &&
        paragraph(
          '≥: the highest rate that was measured is held. To find its end, give higher rates with --rate.',
          'quiet',
        ),
      late.length > 0 &&
        paragraph(
          'driver-limited: more than a quarter of the windows at the rates next to it were refused, since requests were sent or read too late. The others were measured in calmer moments, so this rate may be too high. It is compared with none.',
          'unsure',
        ),
    ),
  );
  return [table];
}

const SUSTAINED = `Sustained: a forecast for windows of ${LONG_WINDOW} arrivals, from a plain queue as fast as the configuration. Shorter windows show fewer of the longest queues, so more is held in them.`;

function hasForecast(held: Held): boolean {
  return sustainedRate(held) !== undefined;
}

function heldTable(held: readonly Held[], { name, objective }: LoadWorkload, results: LoadResults): Table {
  const { cells, options, heldComparisons = [], recommendations = [] } = results;
  const comparisons = heldComparisons.filter(({ workload }) => workload === name);
  const choose = recommendations.find(({ workload }) => workload === name)?.choose;
  const baselines = new Set(comparisons.map(({ baseline }) => baseline));
  const hasPings = cells.some(({ windows }) => windows.some(({ probeMs }) => probeMs !== undefined));
  return {
    kind: 'table',
    label: `Rates that hold ${objective.quantile} ≤ ${ms(objective.ms)}`,
    isSortable: true,
    columns: [
      { title: 'strategy' },
      { title: 'workers', align: 'right' },
      { title: 'holds, tasks/s (CI)', short: 'holds/s (CI)', align: 'right' },
      {
        title: 'sustained, tasks/s',
        short: 'sus-\ntained',
        align: 'right',
        spare: 3,
        ...(!held.some(hasForecast) && { on: [] }),
      },
      { title: 'speedup (CI)', align: 'right' },
      { title: 'verdict' },
      { title: 'missed there', short: 'missed', align: 'right', spare: 1 },
      { title: 'ping p99 there, ms', short: 'ping\nms', align: 'right', spare: 2, ...(!hasPings && { on: [] }) },
      { title: 'searched, tasks/s', align: 'right', on: ['markdown', 'page'] },
    ],
    rows: held.flatMap((one) => {
      const cell = cells.find(({ id }) => id === one.cell);
      if (cell === undefined) return [];
      const comparison = comparisons.find(({ contender }) => contender === one.cell);
      const sustained = sustainedRate(one);
      return [
        {
          isChosen: one.cell === choose,
          cells: [
            { text: strategyText(cell), family: familyOf(cell) },
            { text: String(cell.poolSize) },
            { text: rateText(one) },
            { text: sustained === undefined ? '' : threeDigits(sustained) },
            speedupCell(baselines.has(one.cell), comparison),
            one.isDriverLimited === true
              ? { text: 'driver-limited', tone: 'unsure' }
              : judgedCell(comparison, options.minEffect),
            { text: one.missShare === null ? '' : percent(one.missShare) },
            { text: pingText(cell, one) },
            { text: one.searched === null ? '' : threeDigits(one.searched) },
          ],
        },
      ];
    }),
  };
}

/** `168 (162–173)`; with a sign where it is a bound. */
export function rateText({ kind, rate }: Held): string {
  if (rate === null) return 'none';
  const sign = kind === 'above' ? '≥ ' : kind === 'below' ? '< ' : '';
  const interval = rangeText(rate, threeDigits);
  return `${sign}${threeDigits(rate.estimate)}${interval === '' ? '' : ` (${interval})`}`;
}

function speedupCell(isBaseline: boolean, comparison: HeldComparison | undefined): Cell {
  if (isBaseline) return { text: '1.00×' };
  if (comparison === undefined || comparison.speedup.estimate === null) return { text: '' };
  const { estimate, kind, lo, hi } = comparison.speedup;
  const sign = kind === 'above' ? '≥ ' : kind === 'below' ? '≤ ' : '';
  const interval = rangeText({ lo, hi }, ratio);
  const text = `${sign}${ratio(estimate)}×${interval === '' ? '' : ` (${interval})`}`;
  return { text, ...(lo !== null && hi !== null && { range: { estimate, lo, hi } }) };
}

function pingText(cell: LoadCell, { rate }: Held): string {
  const ping = rate === null ? undefined : pingAt(cell, rate.estimate);
  return ping === undefined ? '' : threeDigits(ping.p99);
}

/** How the rates were found. */
export function heldTexts({ held = [], heldComparisons = [] }: LoadResults): readonly string[] {
  if (held.length === 0) return [];
  const level = heldComparisons[0]?.speedup.level;
  return [
    `The rate of each configuration was searched for in windows of at most 150 arrivals, then measured in new blocks at five rates around what the search found, the same ones for configurations that hold about as much. In each block, every window shows which rate is held, by how far its latency is from the objective and from that of a plain queue with the same arrivals; windows close to that rate count most${level === undefined ? '' : `; the ratio to the baseline, paired by block, has a ${percent(level)} CI, so that all ratios hold together with 95%`}. The CI of a rate is at 95% by itself.`,
    'The rate that is held is that of windows of this size; in an endless one, more than the objective allows miss it there.',
  ];
}
