import type { Cell, Concurrency, MeasuredCell, TuningGoal } from '../../model/results.ts';
import type { Tuned } from '../../stats/groups.ts';
import { whyNot } from '../../stats/recommend.ts';
import { present, type Block, type Cell as Shown, type Nearness } from '../document.ts';
import { capital, poolName } from '../names.ts';
import { orNotMeasured, percent, ratio, threeDigits } from '../numbers.ts';

const WHAT: Readonly<
  Record<TuningGoal['for'], { readonly title: string; readonly read: (cell: MeasuredCell) => number }>
> = {
  throughput: { title: 'share of the best throughput', read: ({ summary }) => summary.wallMs.median },
  latency: { title: 'task latency p99, ms', read: ({ summary }) => summary.taskMs.p99 },
  responsiveness: { title: 'event-loop delay p99, ms', read: ({ summary }) => summary.loopDelayMs.p99 },
  memory: { title: 'memory, MiB', read: ({ summary }) => summary.memoryMiB ?? Number.POSITIVE_INFINITY },
};

/**
 * The screening as a map: one row per pool, one column per concurrency, shaded by how close a candidate comes to the
 * goal. In parentheses: throughput too low to be chosen, or over a limit.
 */
export function screeningBlocks({ screened: cells, goal }: Tuned): readonly Block[] {
  const { title, read } = WHAT[goal.for];
  const ok = cells.filter((cell) => cell.status === 'ok');
  const isOver = (cell: MeasuredCell): boolean => whyNot(cell, goal) !== undefined;
  const allowed = ok.filter((cell) => !isOver(cell));
  const within = allowed.length > 0 ? allowed : ok;
  const shortest = Math.min(...within.map(({ summary }) => summary.wallMs.median));
  const isSlow = (cell: MeasuredCell): boolean =>
    !isOver(cell) && goal.for !== 'throughput' && shortest / cell.summary.wallMs.median < goal.minThroughput;
  const best = Math.min(...within.filter((cell) => !isSlow(cell)).map(read));
  const show = (cell: Cell | undefined): Shown => {
    if (cell === undefined) return { text: '' };
    if (cell.status === 'failed') return { text: 'failed', nearness: 0 };
    if (read(cell) === Number.POSITIVE_INFINITY) return { text: orNotMeasured(null) };
    const text = goal.for === 'throughput' ? ratio(best / read(cell)) : threeDigits(read(cell));
    if (isSlow(cell) || isOver(cell)) return { text: `(${text})`, nearness: 0 };
    const share = read(cell) === 0 ? 1 : best / read(cell);
    return { text, nearness: nearness(share), ...(share === 1 && { tone: 'strong' }) };
  };
  const flights = [...new Set(cells.map(({ concurrency }) => concurrency))].toSorted(
    (a, b) => numberOf(a) - numberOf(b),
  );
  const names = [...new Set(cells.map(poolName))];
  const reasons = present(
    ok.some(isSlow) && `less than ${percent(goal.minThroughput)} of the best throughput`,
    ok.some(isOver) && 'over a limit',
  );
  const slow = reasons.length === 0 ? '' : `; in parentheses: ${reasons.join(', or ')}`;
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
