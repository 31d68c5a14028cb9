import { describe, expect, it } from 'vitest';
import { checkResults, checkSaved } from '../../dist/src/model/check-results.js';
import type { LoadResults } from '../../dist/src/model/load.js';
import type { Cell, Results } from '../../dist/src/model/results.js';
import { atRateOf, loadOf } from '../support/load-results.js';
import { cellOf, resultsOf } from '../support/results.js';

const HELD = {
  workload: 'work',
  params: {},
  searched: null,
  blocks: 0,
  kind: 'none',
  rate: null,
  missShare: null,
} as const;

function noiseOf(workload: string): NonNullable<Results['noise']>[number] {
  return { workload, params: {}, hit: 0, repeated: 0, blocks: [], discarded: [] };
}

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

function comparedAs(
  verdict: 'faster' | 'slower',
  speedup: Readonly<Record<'estimate' | 'lo' | 'hi', number>>,
): Partial<Results> {
  const [baseline, contender] = ['work/event-loop', 'work/worker-threads@2'];
  return {
    cells: [baseline, contender].map((id) => cellOf({ id, wallsMs: [1, 1] })),
    comparisons: [
      {
        baseline,
        contender,
        workload: 'work',
        params: {},
        speedup: { ...speedup, level: 0.95 },
        blocks: 2,
        verdict,
      },
    ],
  };
}

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

  it.each<[string, Partial<Results>]>([
    ['/workloads/1 is there twice', { workloads: [...resultsOf().workloads, ...resultsOf().workloads] }],
    ['/noise/0/workload is not among /workloads', { noise: [noiseOf('lost')] }],
    [
      '/cells/0/id does not end in its configuration, /worker-threads@2',
      {
        cells: [{ ...cellOf({ id: 'work/worker-threads@4', wallsMs: [1] }), strategy: 'worker-threads', poolSize: 2 }],
      },
    ],
    ['/comparisons/0/verdict is not that of its interval', comparedAs('faster', { estimate: 0.5, lo: 0.4, hi: 0.6 })],
    ['/comparisons/0/verdict is not that of its interval', comparedAs('slower', { estimate: 1, lo: 0.9, hi: 1.1 })],
    [
      '/scaling/0/workload is not among /workloads',
      { scaling: [{ workload: 'lost', params: {}, cells: [], points: [], knee: 1, beyondCores: false }] },
    ],
  ])('are refused if %s', async (contradiction, change) => {
    await expect(checkResults({ ...resultsOf(), ...change }, 'it')).rejects.toThrow(
      `it contradicts itself: ${contradiction}; measure again with "lanewise run".`,
    );
  });

  it('have no number from which sums and means would be infinite, but for values of params', async () => {
    const cell = cellOf({ id: 'work/event-loop', wallsMs: [1e308] });
    await expect(checkResults({ ...resultsOf(), cells: [cell] }, 'it')).rejects.toThrow(
      'it has a number that no measurement has: ',
    );
    const ofParams = { ...cellOf({ id: 'work/event-loop', wallsMs: [1] }), params: { size: 1e308 } };
    await expect(checkResults({ ...resultsOf(), cells: [ofParams] }, 'it')).resolves.toMatchObject({ cells: [{}] });
    const window = { ...loadOf(20).cells[0]?.windows[0], rate: 1e300 };
    await expect(
      checkSaved({ ...loadOf(20), cells: [{ ...loadOf(20).cells[0], windows: [window] }] }, 'load.json'),
    ).rejects.toThrow(
      'load.json has a number that no measurement has: rate is 1e+300; measure again with "lanewise load"',
    );
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

describe('the results of a load', () => {
  const whole = loadOf(20);
  const [cell] = whole.cells;
  const [workload] = whole.workloads;
  const [first, ...rest] = cell?.windows ?? [];

  it('are read if they fit together', async () => {
    expect(await checkSaved(whole, 'load.json')).toEqual({ kind: 'load', results: whole });
    // All have failed before there was a rate.
    const { rates: _none, ...fields } = cell?.status === 'ok' ? cell : { rates: [] };
    const failed = { ...fields, status: 'failed', windows: [], error: { name: 'Error', message: 'no' } };
    await expect(checkSaved({ ...whole, workloads: [], cells: [failed] }, 'load.json')).resolves.toMatchObject({
      results: { workloads: [] },
    });
  });

  it.each<[string, object]>([
    ['/cells/1/id is also the id of another cell', { cells: [cell, cell] }],
    ['/startedAt is no date', { startedAt: 'yesterday' }],
    ['/cells/0/workload is not among /workloads', { workloads: [] }],
    ['/workloads/1 is there twice', { workloads: [workload, workload] }],
    [
      '/held/0/workload is not among /workloads',
      { held: [{ ...HELD, workload: 'lost', cell: 'work/event-loop' }] satisfies LoadResults['held'] },
    ],
    ['/cells/0/id holds control characters', { cells: [{ ...cell, id: 'work/event\u001Bloop' }] }],
    ['/cells/0/rates/0 is a rate at which the cell has no window', { cells: [{ ...cell, rates: [atRateOf(77)] }] }],
    [
      '/cells/0/windows/1 repeats the block, round and rate of another window',
      { cells: [{ ...cell, windows: [first, first, ...rest] }] },
    ],
    [
      '/cells/0/windows/0/rate is not among the rates of its workload',
      { cells: [{ ...cell, windows: [{ ...first, rate: 77 }, ...rest] }] },
    ],
    [
      '/workloads/0/rates has more than 1000 rates',
      { workloads: [{ ...workload, rates: Array.from({ length: 1001 }, (_, index) => index + 1) }] },
    ],
    [
      'work/lost is concluded about, and not among /cells',
      { held: [{ ...HELD, cell: 'work/lost' }] satisfies LoadResults['held'] },
    ],
    [
      '/cells/0/windows/0 has more tasks than were offered',
      { cells: [{ ...cell, windows: [{ ...first, done: 1e9 }] }] },
    ],
    [
      '/cells/0/rates/0/objectiveMs is not an interval around its estimate',
      { cells: [{ ...cell, rates: [{ ...atRateOf(40, 23.7), objectiveMs: { estimate: 1, lo: 2, hi: 3 } }] }] },
    ],
  ])('are refused if %s', async (contradiction, change) => {
    await expect(checkSaved({ ...whole, ...change }, 'load.json')).rejects.toThrow(
      `load.json contradicts itself: ${contradiction}; measure again with "lanewise load".`,
    );
  });

  it.each([-5, 0, 5e-324])('are refused with a latency of %s ms, whose ratios are none', async (judgedMs) => {
    const cells = [{ ...cell, windows: [{ ...first, judgedMs }, ...rest] }];
    await expect(checkSaved({ ...whole, cells }, 'load.json')).rejects.toThrow(/judgedMs/);
  });

  it('are refused with a share that is none', async () => {
    const cells = [{ ...cell, rates: [{ ...atRateOf(40, 23.7), missShare: -4 }] }];
    await expect(checkSaved({ ...whole, cells }, 'load.json')).rejects.toThrow(/missShare/);
  });
});

function older(id: string): Results {
  const { twin: _twin, ...cell }: Cell = { ...cellOf({ id, wallsMs: [1] }), workload: 'a/b', params: { n: 2 } };
  const [workload] = resultsOf().workloads.map((each) => ({ ...each, name: 'a/b', params: { n: 2 } }));
  return resultsOf({ workloads: workload === undefined ? [] : [workload], cells: [cell] });
}
