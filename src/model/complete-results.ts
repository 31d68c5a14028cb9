import type { Results } from './results.ts';
import { familyOf } from './strategies.ts';

/** Adds fields that results of earlier versions have in ids only. */
export function completed(results: Results): Results {
  const titles = titlesIn(results);
  return {
    ...results,
    workloads: results.workloads.map((workload) => ({
      title: titles.get(groupKey(workload.name, workload.params)) ?? workload.name,
      ...workload,
    })),
    cells: results.cells.map((cell) => {
      const [, twin] = /#(\d+)(?:~new)?$/.exec(cell.id) ?? [];
      return { family: familyOf(cell), ...(twin !== undefined && { twin: Number(twin) }), ...cell };
    }),
  };
}

/** Titles by group: cell ids up to the last slash, which a workload's name may hold too, but no strategy's. */
function titlesIn({ cells }: Results): ReadonlyMap<string, string> {
  const titles = cells
    .filter(({ id }) => id.includes('/'))
    .map(({ id, workload, params }) => [groupKey(workload, params), id.slice(0, id.lastIndexOf('/'))] as const);
  // The first of several counts.
  return new Map(titles.toReversed());
}

function groupKey(workload: string, params: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([workload, params]);
}
