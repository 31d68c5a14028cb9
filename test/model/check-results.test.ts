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

describe('results from elsewhere', () => {
  it('are refused in a short sentence, however long what is wrong in them', async () => {
    const long = 'x'.repeat(1_000_000);
    const sentences = await Promise.all(
      [
        { schema: long },
        { schema: [long] },
        { ...resultsOf(), [long]: 1 },
        { ...resultsOf(), environment: { [long]: 1 } },
      ].map((value) => checkResults(value, 'results.json').then(String, String)),
    );
    expect(sentences[0]).toContain(`its schema is "${'x'.repeat(100)}…", not "lanewise/results@1"`);
    expect(sentences[1]).toContain('its schema is a list, not');
    for (const sentence of sentences) expect(sentence.length).toBeLessThan(400);
  });

  it('are checked in a time that grows with them, and not with its square', async () => {
    const [cell] = [cellOf({ id: 'work/event-loop', wallsMs: [1] })];
    const [workload] = resultsOf().workloads;
    const numbers = Array.from({ length: 20_000 }, (_, index) => index);
    const results = {
      ...resultsOf(),
      workloads: numbers.map((n) => ({ ...workload, name: `w${n}` })),
      cells: numbers.map((n) => ({ ...cell, id: `w${n}/event-loop`, workload: `w${n}` })),
      timelines: numbers.map((n) => ({ cell: `w${n}/event-loop`, slices: [] })),
    } as Results;
    const beganUs = process.cpuUsage().user;
    const { workloads } = await checkResults(results, 'results.json');
    expect((process.cpuUsage().user - beganUs) / 1000).toBeLessThan(4000);
    expect(workloads.at(-1)?.title).toBe('w19999');
    // Of the same id a second time.
    await expect(checkResults({ ...results, cells: [...results.cells, results.cells[0]] }, 'it')).rejects.toThrow(
      '/cells/20000/id is also the id of another cell',
    );
  });
});

function older(id: string): Results {
  const { twin: _twin, ...cell }: Cell = { ...cellOf({ id, wallsMs: [1] }), workload: 'a/b', params: { n: 2 } };
  const [workload] = resultsOf().workloads.map((each) => ({ ...each, name: 'a/b', params: { n: 2 } }));
  return resultsOf({ workloads: workload === undefined ? [] : [workload], cells: [cell] });
}
