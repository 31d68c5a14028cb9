import type {
  AtRate,
  LoadCell,
  LoadResults,
  LoadWorkload,
  MeasuredLoadCell,
  Objective,
  Via,
} from '../../model/load.ts';
import { familyOf } from '../../model/strategies.ts';
import { median } from '../../stats/quantile.ts';
import { shown } from '../displayable.ts';
import {
  paragraph,
  present,
  section,
  warningSection,
  type Block,
  type Cell,
  type Document,
  type Table,
} from '../document.ts';
import { aloneSentences } from './closed-loop.ts';
import { failures } from './failures.ts';
import { fewTasksSentence, missedSentence, shortWindowSentence } from './few-tasks.ts';
import { heldBlocks, heldSentence, unknownHeldClause } from './held.ts';
import { loadMethod, measuredBlocks } from './load-method.ts';
import { clusterSentences, PING_COLUMN, pingCell } from './over-http.ts';
import { overloadBlocks } from './overload-table.ts';
import { partsSentence } from './parts-text.ts';
import { strategyText, versionsSentence } from './versions.ts';
import { lossesOf, thrownSentences } from './losses.ts';
import { judgedCell, ratioText } from '../columns.ts';
import { allFailedClause, configurationName, isMany, runtimeText, workName } from '../names.ts';
import { duration, listed, ms, percent, plural, threeDigits } from '../numbers.ts';
import { judgedMs, latencyText } from './judged-latency.ts';
import { isAboveVerdict, warningTexts } from '../warning-text.ts';
import { isWithholding, type Warning } from '../../model/results.ts';
import { withheldClause } from '../verdict.ts';

/** The report of a load measurement: what each configuration holds, the latencies at each rate, and the method. */
export function loadDocument(raw: LoadResults): Document {
  const results = displayable(raw);
  const { workloads, tool, warnings, complete } = results;
  const above = textsOf(warnings.filter(isAboveVerdict));
  const beneath = textsOf(warnings.filter((warning) => !isAboveVerdict(warning)));
  return {
    language: 'en',
    about: 'Lanewise: how long does a task take at this rate?',
    title:
      workloads.length === 0
        ? ['Nothing could be measured.']
        : workloads.map((workload) => headline(workload, results)),
    facts: factsOf(results),
    alerts: present<Block>(
      !complete && paragraph('Interrupted: these are estimates. A verdict needs all planned blocks.', 'unsure'),
      ...warningSection('Warnings', above),
    ),
    blocks: present<Block>(
      ...workloads.flatMap((workload) => workloadBlocks(workload, results)),
      { kind: 'figures', draw: async () => (await import('./load-figures.ts')).drawLoad(results) },
      ...overloadBlocks(results),
      ...thrownSentences(results.cells).map((text) => paragraph(text, 'bad')),
      ...failures(results.cells),
      ...warningSection(above.length > 0 ? 'More warnings' : 'Warnings', beneath),
      loadMethod(results),
    ),
    madeBy: `Lanewise ${tool.version}`,
    footer: `Made by Lanewise ${tool.version} from measurements on one machine; latencies hold for that machine, its Node and its load at that time.`,
  };
}

function textsOf(some: readonly Warning[]): readonly string[] {
  return warningTexts(some, { cells: [], workloads: [] });
}

/** Names and messages are untrusted texts. */
function displayable({ cells, ...rest }: LoadResults): LoadResults {
  // Windows are skipped: numbers only, and most of the data.
  return { ...shown(rest), cells: cells.map(({ windows, ...cell }) => ({ ...shown(cell), windows })) };
}

/** The configurations that hold the objective at the highest of the measured rates. */
function headline(workload: LoadWorkload, results: LoadResults): string {
  const { title, objective, rates } = workload;
  const { cells, options, complete } = results;
  const work = `${title} (${workName(workload)}), ${arrivalWords(options.arrivals)}, ${objectiveText(objective)}`;
  const doubt = results.warnings.find(isWithholding);
  if (doubt !== undefined) return `${work}: ${withheldClause(doubt)}.`;
  const found = versionsSentence(workload, results) ?? heldSentence(workload, results);
  if (found !== undefined) return `${work}: ${found}`;
  const ok = cells.filter((cell) => cell.status === 'ok');
  if (ok.length === 0 && cells.length > 0 && complete) return `${work}: ${allFailedClause(cells)}.`;
  if (options.rates === null && complete) return `${work}: no verdict: ${unknownHeldClause(ok)}.`;
  if (options.rates === null)
    return `${work}: interrupted before ${rates.length === 0 ? 'its rates were' : 'the rate that is held was'} known.`;
  if (!complete) return `${work}: no verdict: interrupted.`;
  const held = ok.map((cell) => ({ cell, rate: highestHeld(cell) }));
  const most = Math.max(0, ...held.map(({ rate = 0 }) => rate));
  const best = held.filter(({ rate }) => rate === most).map(({ cell }) => cell);
  const [first] = best;
  if (most === 0)
    return `${work}: no configuration is shown to hold it at ${threeDigits(Math.min(...rates))} tasks a second.`;
  const others = ok.filter((cell) => !best.includes(cell));
  const areLess = others.every(({ rates: own }) => own.some(({ rate, holds }) => rate === most && isNotHeld(holds)));
  const rest = others.length === 0 ? '' : areLess ? ', the others less' : ', which is not shown of the others';
  const hold = best.length === 1 && first !== undefined && !isMany(first) ? 'holds' : 'hold';
  return `${work}: ${listed(best.map(configurationName), 3)} ${hold} it at ${threeDigits(most)} tasks a second${rest}.`;
}

function isNotHeld(holds: AtRate['holds']): boolean {
  return holds === 'no' || holds === 'overloaded';
}

/** The highest rate at which the objective is shown to be held; undefined: none. */
function highestHeld({ rates }: MeasuredLoadCell): number | undefined {
  return rates.findLast(({ holds }) => holds === 'yes')?.rate;
}

function objectiveText({ quantile, ms: limit }: Objective): string {
  return `objective ${quantile} ≤ ${ms(limit)}`;
}

function arrivalWords(arrivals: LoadResults['options']['arrivals']): string {
  switch (arrivals.kind) {
    case 'poisson':
      return 'Poisson arrivals';
    case 'constant':
      return 'arrivals at a constant distance';
    case 'burst':
      return `arrivals in bursts of ${arrivals.size}`;
    default:
      return arrivals satisfies never;
  }
}

function workloadBlocks(workload: LoadWorkload, results: LoadResults): readonly Block[] {
  const cells = results.cells.filter((cell) => cell.workload === workload.name);
  const measured = cells.filter((cell) => cell.status === 'ok');
  return [
    paragraph(aloneSentences(workload, results)),
    ...quietly(measured.length > 0 && fewTasksSentence(results.options, workload)),
    ...quietly(measured.length > 0 && shortWindowSentence(results.options, workload)),
    ...heldBlocks(workload, results),
    ...workload.rates
      .filter((rate) => measured.some((cell) => isMeasuredAt(rate, cell)))
      .map((rate) =>
        section(
          `At ${threeDigits(rate)} tasks a second`,
          present<Block>(
            rateTable(rate, cells, workload, results),
            ...quietly(missedSentence(rate, measured, workload), partsSentence(rate, measured, workload)),
          ),
        ),
      ),
    ...quietly(notReached(workload, measured), ...clusterSentences(cells)),
  ];
}

function isMeasuredAt(rate: number, { rates }: MeasuredLoadCell): boolean {
  return rates.some((one) => one.rate === rate);
}

function notReached({ rates }: LoadWorkload, measured: readonly MeasuredLoadCell[]): string | undefined {
  const missing = rates.filter((rate) => !measured.some((cell) => isMeasuredAt(rate, cell)));
  return missing.length === 0 || measured.length === 0
    ? undefined
    : `Not reached: ${listed(
        missing.map((rate) => `${threeDigits(rate)} tasks a second`),
        MOST_RATES,
      )}.`;
}

const MOST_RATES = 5;

function quietly(...sentences: readonly (string | undefined | false)[]): readonly Block[] {
  return present(...sentences).map((text) => paragraph(text, 'quiet'));
}

function rateTable(rate: number, cells: readonly LoadCell[], { objective }: LoadWorkload, results: LoadResults): Table {
  const { latencyComparisons, options } = results;
  const { minEffect, baseline, via } = options;
  const losses = lossesOf(results);
  const comparisons = latencyComparisons.filter((comparison) => comparison.rate === rate);
  const baselineId = cells.find(({ strategy }) => strategy === baseline)?.id;
  const baselines = new Set(comparisons.length === 0 ? [baselineId] : comparisons.map((one) => one.baseline));
  return {
    kind: 'table',
    label: `Latencies at ${threeDigits(rate)} tasks a second`,
    isSortable: true,
    columns: [
      { title: 'strategy' },
      { title: 'workers', align: 'right' },
      // The median of what was done is another one than that of all tasks, which an objective of p50 is about.
      {
        title: 'p50 of done, ms',
        short: 'p50\nms',
        align: 'right',
        ...(objective.quantile === 'p50' && { on: ['page', 'markdown'] }),
      },
      { title: `${objective.quantile}, ms (CI)`, short: `${objective.quantile}\nms`, align: 'right' },
      { title: 'missed', align: 'right' },
      ...losses.map(({ column }) => column),
      { title: 'holds', align: 'right' },
      { title: `${objective.quantile} speedup` },
      { title: 'verdict' },
      via === 'http' ? PING_COLUMN : { title: 'loop p99, ms', short: 'loop\np99', align: 'right', spare: 1 },
      { title: 'accepted p99, ms', align: 'right', on: ['markdown', 'page'] },
      { title: 'queued p99, ms', align: 'right', on: ['markdown', 'page'] },
      { title: 'running p50, ms', align: 'right', on: ['markdown', 'page'] },
      { title: 'CPUs used', align: 'right', on: ['markdown', 'page'] },
    ],
    rows: cells.flatMap((cell) => {
      const found = cell.status === 'ok' ? cell.rates.find((one) => one.rate === rate) : undefined;
      if (cell.status !== 'ok' || found === undefined) return [];
      const comparison = comparisons.find(({ contender }) => contender === cell.id);
      const family = familyOf(cell);
      return [
        {
          cells: [
            { text: strategyText(cell), family },
            { text: String(cell.poolSize) },
            { text: latencyText(found.latencyMs.p50) },
            objectiveCell(found, objective),
            { text: percent(found.missShare) },
            ...losses.map(({ read }) => ({ text: read(found) })),
            holdsCell(found),
            { text: baselines.has(cell.id) ? '1.00×' : comparison === undefined ? '' : ratioText(comparison.speedup) },
            judgedCell(comparison, minEffect),
            ...windowCells(cell, rate, via),
          ],
        },
      ];
    }),
  };
}

function objectiveCell(found: AtRate, objective: Objective): Cell {
  const short = latencyText(judgedMs(found, objective));
  const { objectiveMs } = found;
  if (objectiveMs === null) return { text: short };
  return { text: `${short} (${threeDigits(objectiveMs.lo)}–${threeDigits(objectiveMs.hi)})`, short };
}

const HOLDS = {
  yes: { text: 'yes', tone: 'good' },
  no: { text: 'no', tone: 'bad' },
  unsure: { text: 'unclear', tone: 'unsure' },
  overloaded: { text: 'overloaded', tone: 'bad' },
  'driver-limited': { text: 'driver-limited', tone: 'unsure' },
} as const satisfies Record<AtRate['holds'], Cell>;

function holdsCell({ holds }: AtRate): Cell {
  return HOLDS[holds];
}

function windowCells({ windows }: MeasuredLoadCell, rate: number, via: Via): readonly Cell[] {
  const at = windows.filter((window) => window.phase === undefined && window.rate === rate && window.done > 0);
  const middle = (read: (window: (typeof at)[number]) => number): Cell => ({
    text: at.length === 0 ? 'none' : threeDigits(median(at.map(read))),
  });
  return [
    via === 'http' ? pingCell(at) : middle(({ loopDelayMs }) => loopDelayMs.p99),
    middle(({ parts }) => parts.accept.p99),
    middle(({ parts }) => parts.queue.p99),
    middle(({ parts }) => parts.task.p50),
    middle(({ cpusUsed }) => cpusUsed),
  ];
}

function factsOf(results: LoadResults): readonly string[] {
  const { environment, options, startedAt, durationMs, seed } = results;
  const { blocks, rounds } = options;
  const measured = measuredBlocks(results);
  const { cores, cpuModel, os } = environment;
  return [
    `${runtimeText(environment)}, ${plural(cores, 'CPU')}, ${os}`,
    `${measured < blocks ? `${measured} of ` : ''}${plural(blocks, 'block')} × ${plural(rounds, 'window')}`,
    startedAt,
    duration(durationMs),
    `seed ${seed}`,
    cpuModel,
  ];
}
