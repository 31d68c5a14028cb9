import { describe, expect, it } from 'vitest';
import type { Cell, Crossover, MeasuredCell, Prediction, Results, Scaling } from '../../dist/src/model/results.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { crossoverSentences, messagesSentence, scalingSentences } from '../../dist/src/report/scaling-text.js';
import { cellOf, resultsOf } from '../support/results.js';

const interval = (estimate: number) => ({ estimate, lo: estimate * 0.9, hi: estimate * 1.1 });
const SCALING: Scaling = {
  workload: 'work',
  params: {},
  cells: ['work/worker-threads@1x8', 'work/worker-threads@2x8', 'work/worker-threads@4x8'],
  points: [
    { lanes: 2, speedup: interval(1.8) },
    { lanes: 4, speedup: interval(1.9), serialFraction: interval(0.3) },
  ],
  knee: 2,
  beyondCores: false,
  fit: {
    contention: interval(0.05),
    coherency: interval(0.0012),
    peakLanes: null,
    curve: [],
    lackOfFit: [],
    isChecked: true,
  },
};
const PREDICTION: Prediction = {
  workload: 'work',
  params: {},
  from: 'work/child-processes@1',
  lanes: 8,
  cores: 8,
  speedup: { estimate: 6.9, lo: 6.5, hi: 7.2 },
  checks: [
    { cell: 'work/child-processes@2', lanes: 2, predicted: 1.9, measured: 1.8, error: 0.056 },
    { cell: 'work/child-processes@4', lanes: 4, predicted: 2, measured: 2.2, error: -0.09 },
  ],
};

const CELLS = [...SCALING.cells, PREDICTION.from].map((id) => cellOf({ id, wallsMs: [1, 1] }));

const rendered = (given: Partial<Results>): string => {
  const [group] = groupResults(resultsOf({ cells: CELLS, ...given }));
  return group === undefined ? '' : scalingSentences(group, 2).join(' ');
};
const fitted = (fit: Partial<NonNullable<Scaling['fit']>>): string =>
  rendered({ scaling: [{ ...SCALING, ...(SCALING.fit && { fit: { ...SCALING.fit, ...fit } }) }] });

describe('the sentences on pool sizes', () => {
  it('name the knee, the model with its intervals, and the serial fraction', () => {
    expect(rendered({ scaling: [SCALING] })).toBe(
      'Worker threads, 8 tasks at once each: the knee is at 2 workers, the smallest pool that may reach 95% of the best throughput. Universal Scalability Law: contention 5% (95% CI 4.5%–5.5%), coherency 0.12% (95% CI 0.108%–0.132%); the model fits. Serial fraction (Karp–Flatt) at 4 workers: 30% (97.5% CI 27%–33%).',
    );
  });

  it('name sizes at which the model does not fit, and a model that could not be checked', () => {
    expect(fitted({ lackOfFit: [4] })).toContain('; the model does not fit at 4 workers: trust the measurements.');
    expect(fitted({ isChecked: false })).toContain('; three sizes cannot show whether the model fits.');
    expect(fitted({ peakLanes: 3.21 })).toContain(', slower beyond 3.21 workers');
    expect(fitted({ peakLanes: 1 })).toContain(', slower beyond 1 worker;');
  });

  it('call a parameter at its bound not distinguishable from 0, and name no peak then', () => {
    const text = fitted({ coherency: { estimate: 0.0001, lo: 0, hi: 0.0024 }, peakLanes: 3.9, level: 0.983 });
    expect(text).toContain(
      'contention 5% (98.3% CI 4.5%–5.5%), coherency not distinguishable from 0 (98.3% CI up to 0.24%);',
    );
    expect(text).not.toContain('slower beyond');
  });

  it('report more workers than CPUs', () => {
    expect(rendered({ scaling: [{ ...SCALING, beyondCores: true }] })).toContain(
      'More workers than the 2 CPUs look like contention.',
    );
  });

  it('are omitted for two sizes, which the table compares', () => {
    expect(rendered({ scaling: [{ ...SCALING, points: SCALING.points.slice(0, 1) }] })).toBe('');
  });

  it('call a prediction a model, with its errors and without an interval, since simulations vary less than the model errs', () => {
    expect(rendered({ predictions: [PREDICTION] })).toBe(
      'Prediction of a model, not measured: 8 child processes on 8 CPUs: 6.90× as fast as 1 child process; at the measured sizes the model is off by +5.6% (2 workers), -9% (4 workers).',
    );
    expect(rendered({ predictions: [{ ...PREDICTION, checks: [] }] })).toContain(
      'not checked, since no other size was measured',
    );
  });

  it('give a prediction the range of its usual errors, which are not known for a larger machine', () => {
    expect(rendered({ predictions: [{ ...PREDICTION, range: { lo: 6, hi: 7.7 } }] })).toContain(
      '6.90× as fast as 1 child process, with its usual errors 6.00–7.70×; at the measured',
    );
    expect(rendered({ predictions: [{ ...PREDICTION, doubt: 'larger-machine' }] })).toContain(
      '6.90× as fast as 1 child process; its errors on a larger machine than this one are not known; at the measured',
    );
  });

  it('print no number that the model cannot predict', () => {
    expect(rendered({ predictions: [{ ...PREDICTION, doubt: 'short-tasks' }] })).toBe(
      'No prediction of 8 child processes on 8 CPUs: the tasks are so short that workers spend most of their time between two of them.',
    );
    expect(rendered({ predictions: [{ ...PREDICTION, doubt: 'cpu-bound' }] })).toContain(
      'they would use more than half of the CPUs',
    );
    expect(rendered({ predictions: [{ ...PREDICTION, doubt: 'checks' }] })).toBe(
      'No prediction of 8 child processes on 8 CPUs: at the measured sizes the model is off by +5.6% (2 workers), -9% (4 workers), more than usual.',
    );
  });
});

describe('the sentence on messages', () => {
  const LOOP = cellOf({ id: 'work/event-loop', wallsMs: [16, 16] });
  const pool = (id: string, gapMs: number): MeasuredCell => {
    const cell = cellOf({ id, wallsMs: [70, 70] });
    return { ...cell, summary: { ...cell.summary, gapMs, runningMs: { p50: 2, p99: 3 } } };
  };
  const said = (cells: readonly Cell[], choice = LOOP.id): string | undefined => {
    const recommendations = [{ workload: 'work', params: {}, choose: choice, fastest: choice, tied: [], because: '' }];
    const [group] = groupResults(resultsOf({ cells: [LOOP, ...cells], recommendations }));
    return group && messagesSentence(group);
  };

  it('names how long a task runs, how much passes between two, and what may help, of the smallest pool', () => {
    expect(said([pool('work/worker-threads@4', 9), pool('work/worker-threads@1', 7.3)])).toBe(
      'Messages: with 1 worker thread, a task runs for 2.00 ms (median), and 7.30 ms on average pass between two of a worker: they are sent and waited for, with copies of inputs and results. What may help: larger tasks or, where inputs or results are large, smaller ones or `transfer` of buffers; --cpu-prof shows the share of copying.',
    );
    expect(said([pool('work/child-processes@2', 7.3)])).toContain(
      'larger tasks or, where inputs or results are large, smaller ones;',
    );
  });

  it('is there only if a worker spends more time between tasks than in one, and workers gain nothing', () => {
    expect(said([pool('work/worker-threads@1', 1.9)])).toBeUndefined();
    expect(said([pool('work/worker-threads@1x8', 7.3)])).toBeUndefined();
    expect(said([pool('work/worker-threads@1', 7.3)], 'work/worker-threads@1')).toBeUndefined();
    expect(said([])).toBeUndefined();
  });
});

describe('the crossover, in one sentence', () => {
  const base: Crossover = {
    workload: 'compute',
    param: 'ms',
    baseline: 'event-loop',
    contender: 'worker-threads@2',
    from: 0.05,
    to: 20,
    kind: 'crosses',
    isSure: true,
    above: true,
    at: { estimate: 0.21, lo: 0.152, hi: 0.3 },
  };
  const cells = ['event-loop', 'worker-threads@2', 'worker-threads@1'].map((id) =>
    cellOf({ id: `compute/${id}`, workload: 'compute', wallsMs: [1] }),
  );
  const sentence = (given: Partial<Crossover>): string =>
    crossoverSentences({ crossovers: [{ ...base, ...given }], cells })[0] ?? '';

  it('has the value, its CI, and the measured values around it', () => {
    expect(sentence({ between: { from: 0.2, to: 1 } })).toBe(
      'compute: 2 worker threads are faster than the event loop above ms=0.210 (95% CI 0.152–0.300), interpolated between the measured 0.2 and 1.',
    );
    expect(sentence({ above: false, contender: 'worker-threads@1' })).toBe(
      'compute: 1 worker thread is faster than the event loop below ms=0.210 (95% CI 0.152–0.300).',
    );
    expect(sentence({ at: { estimate: 0.06, lo: null, hi: 0.1, level: 0.983 } })).toContain(
      '(98.3% CI below 0.05 to 0.100)',
    );
    expect(sentence({ at: { estimate: 19, lo: 15, hi: null } })).toContain('(95% CI 15.0 to above 20)');
    expect(sentence({ isSure: false, at: { estimate: 6, lo: null, hi: null } })).toBe(
      'compute: 2 worker threads look faster than the event loop above ms=6.00 (95% CI below 0.05 to above 20).',
    );
  });

  it('reports a missing crossover, and how sure that is', () => {
    expect(sentence({ kind: 'always' })).toBe(
      'compute: 2 worker threads are faster than the event loop at every value from ms=0.05 to 20.',
    );
    expect(sentence({ kind: 'never', isSure: false })).toBe(
      'compute: the event loop looks faster than 2 worker threads at every value from ms=0.05 to 20 (not every comparison is significant).',
    );
    expect(sentence({ kind: 'several' })).toBe(
      'compute: 2 worker threads and the event loop change places more than once from ms=0.05 to 20: see each value.',
    );
  });
});
