import type { Cell, Results, Timeline } from '../../dist/src/model/results.js';
import { cellOf, failedCellOf, resultsOf } from './results.js';

/** What a hostile user may call a workload, a param or an error. */
export const HOSTILE = '</script><img src=x onerror="globalThis.pwned=1">|@all`${1}`=1+1\u202e\u2028';

/** Six blocks, around so many milliseconds. */
export function around(ms: number): number[] {
  return [1, 1.1, 1.2, 1, 1.1, 1.2].map((factor) => ms * factor);
}

export interface GroupSpec {
  readonly workload: string;
  readonly params?: Readonly<Record<string, unknown>>;
  /** Written before the slash of every id. */
  readonly title?: string;
}

/** Three ways to run a workload: the event loop, one and two worker threads, twice as fast; with timelines. */
function groupOf({ workload, params = {}, title = workload }: GroupSpec): Partial<Results> & {
  readonly cells: Cell[];
} {
  const way = { workload, params };
  const loop = { ...cellOf({ id: `${title}/event-loop`, wallsMs: around(40), workload }), params };
  const one = threads(`${title}/worker-threads@1`, 1, 42);
  const two = threads(`${title}/worker-threads@2`, 2, 20);
  function threads(id: string, poolSize: number, ms: number): Cell {
    return { ...cellOf({ id, strategy: 'worker-threads', poolSize, wallsMs: around(ms), workload }), params };
  }
  return {
    workloads: [{ name: workload, title, bound: 'cpu', source: 'w.js', params, tasks: 4, digest: 'x', services: [] }],
    cells: [loop, one, two],
    comparisons: [
      {
        ...way,
        baseline: loop.id,
        contender: one.id,
        speedup: { estimate: 0.96, lo: 0.9, hi: 1.02, level: 0.975 },
        verdict: 'inconclusive',
        blocks: 6,
      },
      {
        ...way,
        baseline: loop.id,
        contender: two.id,
        speedup: { estimate: 2, lo: 1.9, hi: 2.1, level: 0.975 },
        verdict: 'faster',
        blocks: 6,
      },
    ],
    recommendations: [{ ...way, choose: two.id, fastest: two.id, tied: [two.id], because: 'it is the fastest' }],
    timelines: [
      { cell: loop.id, slices: [run(0, 0, 0, 10), run(1, 0, 10, 20), run(2, 0, 20, 30), run(3, 0, 30, 40)] },
      { cell: two.id, slices: [run(0, 0, 0, 10), run(1, 1, 0, 10), run(2, 0, 10, 20), run(3, 1, 10, 20)] },
    ],
  };
}

export function run(task: number, lane: number, startMs: number, endMs: number): Timeline['slices'][number] {
  return { task, lane, startMs, endMs, kind: 'run' };
}

export function wait(task: number, lane: number, startMs: number, endMs: number): Timeline['slices'][number] {
  return { task, lane, startMs, endMs, kind: 'wait' };
}

/** Results of as many groups as are given. */
export function reportResults(groups: readonly GroupSpec[] = [{ workload: 'work' }]): Results {
  const parts = groups.map(groupOf);
  return resultsOf({
    workloads: parts.flatMap(({ workloads = [] }) => workloads),
    cells: parts.flatMap(({ cells }) => cells),
    comparisons: parts.flatMap(({ comparisons = [] }) => comparisons),
    recommendations: parts.flatMap(({ recommendations = [] }) => recommendations),
    timelines: parts.flatMap(({ timelines = [] }) => timelines),
  });
}

/** Results of one group, with a cell that failed. */
export const WITH_FAILURE: Results = withFailure(reportResults());

function withFailure(results: Results): Results {
  return { ...results, cells: [...results.cells, failedCellOf('work/child-processes@2', 'boom')] };
}
