import { describe, expect, it } from 'vitest';
import type { Found } from '../../dist/src/flow/find.js';
import { joined, onOneNode, planFinalists, screened, selectingRules, tuned } from '../../dist/src/flow/tuning.js';
import type { CellLog, MeasuredGroup } from '../../dist/src/model/measured.js';
import type { Plan } from '../../dist/src/model/plan.js';
import type { Cell, MeasuredCell, Results } from '../../dist/src/model/results.js';
import { planScreening } from '../../dist/src/plan/plan-tuning.js';
import type { Conclusions } from '../../dist/src/stats/conclude.js';
import { logOf } from '../support/measured.js';
import { tuneRequest, type TuneAsked } from '../support/requests.js';
import { cellOf, failedCellOf, resultsOf } from '../support/results.js';
import { foundWorkload } from '../support/workload.js';

const MACHINE = { cores: 2, availableParallelism: 2, cpuQuota: null, runtimes: [], ownStrategies: [] };
const LOOP = 'work/event-loop';
const [TWO, FOUR] = ['work/worker-threads@2', 'work/worker-threads@4'];

const tuning = (asked: TuneAsked = {}) =>
  tuneRequest({ strategies: ['event-loop', 'worker-threads'], poolSizes: [2, 4], concurrency: [1], ...asked }, MACHINE);
/** Of a workload that comes with Lanewise, so that no program imports it. */
const planOf = (asked: TuneAsked = {}): Plan =>
  planScreening([{ ...foundWorkload(), source: 'shipped' }], tuning(asked), 1, MACHINE);

/** A cell with three blocks of batches that take so long, in which tasks wait. */
function cell(id: string, wallMs: number, given: Partial<MeasuredCell> = {}): MeasuredCell {
  const made = cellOf({ id, wallsMs: [wallMs, wallMs, wallMs] });
  return { ...made, summary: { ...made.summary, tasksInFlight: 4 }, ...given };
}

function concluded(cells: readonly Cell[], given: Partial<Conclusions> = {}): Conclusions {
  const { workloads, comparisons, recommendations, timelines, warnings } = resultsOf();
  const nothing = { comparisons, recommendations, timelines, warnings, upperBounds: [], noise: [] };
  return { complete: true, workloads, cells: [...cells], ...nothing, ...given };
}

const finalistsOf = (cells: readonly Cell[], given: Partial<Conclusions> = {}): readonly string[] =>
  screened(planOf(), concluded(cells, given), 1).finalists;

describe('the finalists of a screening', () => {
  it('are the best candidates that were measured', () => {
    // In its last block.
    const failed = { ...failedCellOf('work/worker-threads@2x4', 'no'), samples: cell(TWO, 40).samples };
    expect(finalistsOf([cell(LOOP, 100), cell(TWO, 52), cell(FOUR, 50), failed])).toEqual([FOUR, TWO]);
    expect(finalistsOf([failed])).toEqual([]);
  });

  it('are none if it was interrupted, since the best may not have been measured', () => {
    expect(finalistsOf([cell(LOOP, 100), cell(TWO, 50)], { complete: false })).toEqual([]);
  });

  it('are not what it has dropped, which has no turn in the last block', () => {
    const dropped = cell(TWO, 45);
    const cells = [cell(LOOP, 100), { ...dropped, samples: dropped.samples.slice(0, 2) }, cell(FOUR, 50)];
    expect(finalistsOf(cells)).toEqual([FOUR]);
  });

  it('are not the same program twice', () => {
    const never = { ...cell(LOOP, 50).summary, tasksInFlight: 1 };
    const loops = [cell('work/event-loop@1x1', 49, { summary: never }), cell(LOOP, 50, { summary: never })];
    expect(finalistsOf([...loops, cell(TWO, 55)])).toEqual([LOOP, TWO]);
  });

  it('are the baseline and the next best if it is far ahead, as it needs something to be compared with', () => {
    expect(finalistsOf([cell(LOOP, 50), cell(FOUR, 200), cell(TWO, 100)])).toEqual([LOOP, TWO]);
    expect(finalistsOf([cell(LOOP, 50)])).toEqual([LOOP]);
    expect(finalistsOf([cell(LOOP, 100), cell(TWO, 50)])).toEqual([TWO]);
  });
});

describe('the plan of the finalists', () => {
  const found = (cells: readonly Cell[], given: Partial<Conclusions> = {}) => {
    const { workloads } = resultsOf();
    const conclusions = concluded(cells, { workloads: workloads.map((one) => ({ ...one, tasks: 32 })), ...given });
    return planFinalists(screened(planOf(), conclusions, 1), tuning(), 2);
  };
  const ofTwo = cell(TWO, 50, { summary: { ...cell(TWO, 50).summary, startupMs: 90 } });

  it('has their cells and the baseline, with the tasks of the screening', () => {
    const group = found([cell(LOOP, 100), ofTwo, cell(FOUR, 90)])?.groups[0];
    expect(group?.cells.map(({ id }) => id)).toEqual([LOOP, TWO]);
    expect(group?.workload).toMatchObject({ tasks: 32, tasksAreFixed: true });
  });

  it('knows from the screening how long a batch of each takes, and all that comes before', () => {
    const { warmups } = tuning().request.options;
    const group = found([cell(LOOP, 100), ofTwo, failedCellOf(FOUR, 'no')])?.groups[0];
    expect(group?.calibrated).toEqual({
      [LOOP]: { batchMs: expect.closeTo(100, 9), preparingMs: expect.closeTo(50 + warmups * 100, 9) },
      [TWO]: { batchMs: expect.closeTo(50, 9), preparingMs: expect.closeTo(90 + warmups * 50, 9) },
    });
  });

  it('has rounds for the fastest: 400 ms in each block', () => {
    // 400 / 60 = 6.7
    expect(found([cell(LOOP, 110), cell(TWO, 60)])?.options.rounds).toBe(7);
  });

  it('calibrates again if work was not awaited, to find that again', () => {
    const unawaited = { kind: 'unawaited', cell: TWO, afterMs: 30, pending: 0, isEmpty: true } as const;
    const shared = { kind: 'shared-machine' } as const;
    expect(found([cell(LOOP, 100), ofTwo], { warnings: [shared, unawaited] })?.groups[0]).not.toHaveProperty(
      'calibrated',
    );
    expect(found([cell(LOOP, 100), ofTwo], { warnings: [shared] })?.groups[0]).toHaveProperty('calibrated');
  });

  it('is none without finalists', () => {
    expect(found([failedCellOf(TWO, 'no')])).toBeUndefined();
  });
});

describe('the conclusions of a tuning', () => {
  const LASTING = { kind: 'left-behind', workload: 'work', processes: 1 } as const;
  const QUALITY = { kind: 'short-batch', cell: LOOP, wallMs: 5 } as const;
  const screening = concluded([cell(LOOP, 100), cell(TWO, 50)], { warnings: [LASTING, QUALITY] });
  const confirmed = concluded([cell(TWO, 51)], { warnings: [{ ...QUALITY, wallMs: 6 }] });
  const joinedWith = (later: Conclusions | undefined, earlier = screening): Conclusions =>
    joined(screened(planOf(), earlier, 1), later);

  it('are those of the confirmation, beside the cells of the screening and what it says of the workload', () => {
    const { cells, warnings, complete } = joinedWith(confirmed);
    expect(cells.map(({ id, phase }) => [id, phase])).toEqual([
      [LOOP, 'screening'],
      [TWO, 'screening'],
      [TWO, undefined],
    ]);
    expect(warnings).toEqual([LASTING, { ...QUALITY, wallMs: 6 }]);
    expect(complete).toBe(true);
  });

  it('are complete if both were', () => {
    expect(joinedWith({ ...confirmed, complete: false }).complete).toBe(false);
    expect(joinedWith(confirmed, { ...screening, complete: false }).complete).toBe(false);
  });

  it('are none of the screening if nothing was confirmed', () => {
    const speedup = { estimate: 2, lo: 1.9, hi: 2.1, level: 0.95 };
    const compared = { workload: 'work', params: {}, baseline: LOOP, contender: TWO, speedup, blocks: 3 } as const;
    const found = joinedWith(undefined, { ...screening, comparisons: [{ ...compared, verdict: 'faster' }] });
    expect(found.comparisons).toEqual([]);
    expect(found.cells.map(({ phase }) => phase)).toEqual(['screening', 'screening']);
    expect(found.warnings).toEqual([LASTING, QUALITY]);
  });
});

describe('the outcome of a tuning', () => {
  const outcomeOf = (given: Partial<Results>, asked: TuneAsked = {}) => {
    const screening = screened(planOf(asked), concluded([cell(LOOP, 100), cell(TWO, 50)]), 20);
    return tuned(resultsOf({ durationMs: 61, ...given }), screening, 'work', tuning(asked)).tuning;
  };

  it('names the choice, or none, the finalists, and how long both parts took', () => {
    expect(outcomeOf({})).toEqual({
      choose: null,
      finalists: [TWO],
      screened: 2,
      durationMs: 61,
      screeningMs: 20,
      leftOut: [],
    });
    const chosen = { workload: 'work', params: {}, choose: TWO, fastest: TWO, tied: [TWO], because: '' };
    expect(outcomeOf({ recommendations: [chosen] }).choose).toBe(TWO);
  });

  it('names what was left out, once for both parts: it failed, or is beyond a limit', () => {
    const failed = failedCellOf(FOUR, 'no');
    const large = cell('work/worker-threads@16', 40);
    const cells = [cell(LOOP, 100), failed, large].flatMap((one) => [{ ...one, phase: 'screening' as const }, one]);
    expect(outcomeOf({ cells }, { maxPoolSize: 8 }).leftOut).toEqual([
      { cell: FOUR, because: 'failed' },
      { cell: large.id, because: 'pool-size' },
    ]);
    // Failed while screening, and measured again: what was measured again counts.
    const again = [{ ...failed, phase: 'screening' as const }, cell(FOUR, 40)];
    expect(outcomeOf({ cells: again }, { maxPoolSize: 8 }).leftOut).toEqual([]);
  });
});

describe('a screening that may be looked at after every block', () => {
  const steady = (id: string, blocks = 2): CellLog =>
    logOf(
      { id, strategy: 'worker-threads', poolSize: 2, concurrency: 1 },
      Array.from({ length: blocks }, () => 50),
    );
  const SEVEN = ['1', '2', '3', '4', '5', '6', '7'];
  const ended = (logs: readonly CellLog[], plan = planOf()): readonly string[] =>
    selectingRules(plan).decided({ cells: logs } as unknown as MeasuredGroup);

  it('ends if it is precise enough, whatever was dropped or has failed', () => {
    const logs = SEVEN.map((id) => steady(id));
    const dropped = { ...steady('dropped', 1), droppedFor: 'far-behind' as const };
    const failed = { ...steady('failed', 1), error: { name: 'Error', message: 'no' } };
    expect(ended([...logs, dropped, failed])).toEqual(SEVEN);
    expect(ended([...logs, steady('late', 1)])).toEqual([]);
    expect(ended(logs.slice(0, 3))).toEqual([]);
  });

  it('does not end early for a goal that varies more', () => {
    expect(
      ended(
        SEVEN.map((id) => steady(id)),
        planOf({ for: 'latency' }),
      ),
    ).toEqual([]);
  });
});

it('a tuning on a single Node does not name its version in every cell', () => {
  const runtimes = [{ label: 'node24', execPath: '/node', flags: [], node: 'v24.0.0', v8: '13' }];
  const found = { machine: { ...MACHINE, runtimes }, seed: 1 } as unknown as Found;
  expect(onOneNode(found)).toEqual({
    machine: { ...MACHINE, runtimes: [{ execPath: '/node', flags: [], node: 'v24.0.0', v8: '13' }] },
    seed: 1,
  });
});
