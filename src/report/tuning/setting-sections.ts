import type { Results, Cell, Concurrency, MeasuredCell, TuningGoal } from '../../model/results.ts';
import type { ReportGroup, Tuned } from '../../stats/groups.ts';
import {
  listOf,
  only,
  paragraph,
  present,
  section,
  type Block,
  type Section,
  type Cell as Shown,
  type Nearness,
} from '../document.ts';
import { capital, poolName } from '../names.ts';
import { verdictOf } from '../verdict.ts';
import { percent, ratio, threeDigits } from '../numbers.ts';
import { deploymentOf, type Deployment } from './module-code.ts';
import { settingCode } from './setting-code.ts';
import { costLines, leftOutLines, searchLine, whyLine } from './words.ts';

/** The result of `tune`: the code to paste, its costs and reasons, and a map of the screening; empty for other runs. */
export function settingSections(group: ReportGroup, results: Results, where?: Deployment): readonly Section[] {
  const { tuned } = group;
  if (tuned === undefined) return [];
  const costs = costLines(group);
  const why = whyLine(group, results.environment.cores);
  const setting = present<Block>(
    ...only(['terminal'], [paragraph(verdictOf(group).details.join(' '))]),
    ...codeOf(group, results, where ?? deploymentOf(group.workload.source, tuned.tuning)),
    costs.length > 0 && section('What it costs', [listOf(costs)]),
    why !== undefined && section('Why', [{ kind: 'paragraph', text: why }]),
  );
  return present(
    setting.length > 0 && section('The configuration', setting),
    section('What was tried', [
      { kind: 'paragraph', text: [searchLine(tuned), ...leftOutLines(tuned)].join(' ') },
      ...screeningBlocks(tuned),
    ]),
  );
}

/** Code to paste, one block per file; empty if nothing could be chosen. */
function codeOf(
  { choice, workload }: ReportGroup,
  { options, environment, runtimes = [], tool }: Results,
  where: Deployment,
): readonly Block[] {
  if (choice === undefined) return [];
  // An inherited UV_THREADPOOL_SIZE is part of the measured configuration.
  const uvThreads = choice.uvThreads ?? environment.uvThreads ?? undefined;
  const files = settingCode({ ...choice, ...(uvThreads !== undefined && { uvThreads }) }, where, {
    tasks: workload.tasks,
    params: workload.params,
    atomics: options.atomics,
    flags: runtimes[0]?.flags ?? [],
    piscina: tool.piscina,
  });
  return files.map(({ name, text }) => ({
    kind: 'code',
    language: 'js',
    title: `The configuration as code: ${name}`,
    isTitled: true,
    text,
  }));
}

const WHAT: Readonly<
  Record<TuningGoal['for'], { readonly title: string; readonly read: (cell: MeasuredCell) => number }>
> = {
  throughput: { title: 'share of the best throughput', read: ({ summary }) => summary.wallMs.median },
  latency: { title: 'task latency p99, ms', read: ({ summary }) => summary.taskMs.p99 },
  responsiveness: { title: 'event-loop delay p99, ms', read: ({ summary }) => summary.loopDelayMs.p99 },
  memory: { title: 'memory, MiB', read: ({ summary }) => summary.memoryMiB ?? Number.NaN },
};

/**
 * The screening as a map: one row per pool, one column per concurrency, shaded by how close a candidate comes to the
 * goal. In parentheses: throughput too low to be chosen.
 */
function screeningBlocks({ screened: cells, goal }: Tuned): readonly Block[] {
  const { title, read } = WHAT[goal.for];
  const ok = cells.filter((cell) => cell.status === 'ok');
  const shortest = Math.min(...ok.map(({ summary }) => summary.wallMs.median));
  const isSlow = ({ summary }: MeasuredCell): boolean =>
    goal.for !== 'throughput' && shortest / summary.wallMs.median < goal.minThroughput;
  const best = Math.min(...ok.filter((cell) => !isSlow(cell)).map(read));
  const show = (cell: Cell | undefined): Shown => {
    if (cell === undefined) return { text: '' };
    if (cell.status === 'failed') return { text: 'failed', nearness: 0 };
    const text = goal.for === 'throughput' ? ratio(best / read(cell)) : threeDigits(read(cell));
    if (isSlow(cell)) return { text: `(${text})`, nearness: 0 };
    const share = read(cell) === 0 ? 1 : best / read(cell);
    return { text, nearness: nearness(share), ...(share === 1 && { tone: 'strong' }) };
  };
  const flights = [...new Set(cells.map(({ concurrency }) => concurrency))].toSorted(
    (a, b) => numberOf(a) - numberOf(b),
  );
  const names = [...new Set(cells.map(poolName))];
  const slow = ok.some(isSlow)
    ? `; in parentheses: less than ${percent(goal.minThroughput)} of the best throughput`
    : '';
  return [
    {
      kind: 'table',
      label: `Screening: ${title}`,
      columns: [
        { title: `${title}, by concurrency` },
        ...flights.map((each) => ({ title: `concurrency ${each}`, short: String(each), align: 'right' as const })),
      ],
      rows: names.map((name) => {
        const own = cells.filter((cell) => poolName(cell) === name);
        return {
          cells: [
            { text: capital(name) },
            ...flights.map((each) => show(own.find(({ concurrency }) => concurrency === each))),
          ],
        };
      }),
    },
    { kind: 'paragraph', isNote: true, text: `Measured with little evidence, to choose the finalists${slow}.` },
  ];
}

/** Four shades: as good as the best, close to it, half as good, worse. */
function nearness(share: number): Nearness {
  if (share >= 0.95) return 3;
  if (share >= 0.8) return 2;
  return share >= 0.5 ? 1 : 0;
}

function numberOf(concurrency: Concurrency): number {
  return concurrency === 'all' ? Number.POSITIVE_INFINITY : concurrency;
}
