import { describe, expect, it } from 'vitest';
import { checkResults } from '../../dist/src/model/check-results.js';
import type { Cell, Results } from '../../dist/src/model/results.js';
import { cellOf, resultsOf } from '../support/results.js';

describe('results of before cells and groups had all of their fields', () => {
  it('get them from the ids of their cells', async () => {
    const { cells, workloads } = await checkResults(older('a/b[n=2]/worker-threads@2#2~new'), 'results.json');
    expect(cells[0]).toMatchObject({ twin: 2, family: 'threads' });
    expect(workloads[0]).toMatchObject({ title: 'a/b[n=2]' });
  });

  it('get no twin where there is none, and are called as their workload where no cell was measured', async () => {
    const { cells } = await checkResults(older('a/b[n=2]/worker-threads@2'), 'results.json');
    expect(cells[0]).not.toHaveProperty('twin');
    const { workloads } = await checkResults(resultsOf(), 'results.json');
    expect(workloads[0]).toMatchObject({ title: 'work' });
  });
});

function older(id: string): Results {
  const { twin: _twin, ...cell }: Cell = { ...cellOf({ id, wallsMs: [1] }), workload: 'a/b', params: { n: 2 } };
  const [workload] = resultsOf().workloads.map((each) => ({ ...each, name: 'a/b', params: { n: 2 } }));
  return resultsOf({ workloads: workload === undefined ? [] : [workload], cells: [cell] });
}
