import { describe, expect, it } from 'vitest';
import type { Comparison, MeasuredCell, Results, Verdict } from '../../dist/src/model/results.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { headline, findingOf } from '../../dist/src/report/finding.js';
import { cellOf, failedCellOf, resultsOf } from '../support/results.js';

const LOOP = cellOf({ id: 'work/event-loop', wallsMs: [100] });
const THREADS = cellOf({ id: 'work/worker-threads@2', strategy: 'worker-threads', poolSize: 2, wallsMs: [50] });

function comparisonOf(contender: MeasuredCell, estimate: number, lo: number, hi: number, verdict: Verdict): Comparison {
  const undecided = verdict === 'inconclusive' ? { blocksToDecide: 40 } : {};
  return {
    workload: 'work',
    params: {},
    baseline: LOOP.id,
    contender: contender.id,
    speedup: { estimate, lo, hi, level: 0.95 },
    verdict,
    blocks: 10,
    ...undecided,
  };
}

function sentence(given: Partial<Results>): string {
  const [group] = groupResults(resultsOf(given));
  if (group === undefined) return '';
  const { subject, trait, verdict, details } = findingOf(group);
  return [`${subject} (${trait}): ${verdict}.`, ...details].join(' ');
}

const choosing = (choose: MeasuredCell, tied: readonly MeasuredCell[], comparison: Comparison): Partial<Results> => ({
  cells: [LOOP, THREADS],
  comparisons: [comparison],
  recommendations: [
    {
      workload: 'work',
      params: {},
      choose: choose.id,
      fastest: choose.id,
      tied: tied.map(({ id }) => id),
      because: '',
    },
  ],
});

describe('a verdict', () => {
  it('names the speedup of the choice', () => {
    expect(sentence(choosing(THREADS, [THREADS], comparisonOf(THREADS, 1.78, 1.7, 1.85, 'faster')))).toBe(
      'work (CPU-bound): use 2 worker threads, 1.78× as fast as the event loop.',
    );
  });

  it('says to stay on the event loop if nothing is faster', () => {
    expect(sentence(choosing(LOOP, [LOOP], comparisonOf(THREADS, 0.5, 0.4, 0.6, 'slower')))).toBe(
      'work (CPU-bound): stay on the event loop. Every other configuration is slower.',
    );
    const sequential = cellOf({ id: 'work/sequential', strategy: 'sequential', wallsMs: [99] });
    const given = choosing(LOOP, [LOOP], comparisonOf(THREADS, 0.5, 0.4, 0.6, 'slower'));
    const oneAtATime = { ...LOOP, summary: { ...LOOP.summary, tasksInFlight: 1 } };
    expect(sentence({ ...given, cells: [oneAtATime, sequential, THREADS] })).toBe(
      'work (CPU-bound): stay on the event loop. Every configuration with workers is slower.',
    );
  });

  it('says that nothing is significantly faster, the closest configuration, and the blocks that would decide', () => {
    expect(sentence(choosing(LOOP, [LOOP, THREADS], comparisonOf(THREADS, 1.24, 0.94, 1.5, 'inconclusive')))).toBe(
      'work (CPU-bound): no configuration is significantly faster than the event loop. Closest: 2 worker threads, 1.24× as fast (95% CI 0.94–1.50). --blocks 40 would likely decide it (10 measured). Tied with: 2 worker threads.',
    );
  });

  it('names no number of blocks that is not sensible: beyond 96, and twice as many as were measured', () => {
    const needing = (blocksToDecide: number, blocks: number): string =>
      sentence(
        choosing(LOOP, [LOOP, THREADS], {
          ...comparisonOf(THREADS, 1.02, 0.97, 1.07, 'inconclusive'),
          blocksToDecide,
          blocks,
        }),
      );
    expect(needing(96, 10)).toContain('--blocks 96 would likely decide it (10 measured).');
    expect(needing(97, 10)).toContain(
      'The difference is too small for the noise here: to decide it would take more than 96 blocks (10 measured).',
    );
    expect(needing(200, 100)).toContain('--blocks 200 would likely decide it (100 measured).');
    expect(needing(201, 100)).toContain('more than 200 blocks (100 measured).');
  });

  it('is the same whichever of the two was chosen', () => {
    expect(
      sentence(choosing(THREADS, [THREADS, LOOP], comparisonOf(THREADS, 1.02, 0.97, 1.07, 'inconclusive'))),
    ).toContain(
      'no configuration is significantly faster than the event loop. Closest: 2 worker threads, 1.02× as fast (95% CI 0.97–1.07). --blocks 40 would likely decide it (10 measured).',
    );
  });

  it('never says faster alone of a difference that is estimated below the minimum effect', () => {
    expect(sentence(choosing(THREADS, [THREADS], comparisonOf(THREADS, 1.02, 1.01, 1.06, 'faster')))).toBe(
      'work (CPU-bound): use 2 worker threads, slightly faster than the event loop (1.02×).',
    );
    expect(sentence(choosing(THREADS, [THREADS], comparisonOf(THREADS, 1.02, 1.01, 1.03, 'same')))).toBe(
      'work (CPU-bound): use 2 worker threads, slightly faster than the event loop (1.02×).',
    );
    expect(sentence(choosing(LOOP, [LOOP], comparisonOf(THREADS, 1.02, 1.01, 1.03, 'same')))).toBe(
      'work (CPU-bound): stay on the event loop. Closest: 2 worker threads, slightly faster (1.02×, 95% CI 1.01–1.03).',
    );
  });

  it('does not call one slightly slower that it names as tied', () => {
    const slower = comparisonOf(THREADS, 0.97, 0.95, 0.99, 'same');
    expect(sentence(choosing(LOOP, [LOOP], slower))).toBe(
      'work (CPU-bound): stay on the event loop. Closest: 2 worker threads, slightly slower (0.97×, 95% CI 0.95–0.99).',
    );
    expect(sentence(choosing(LOOP, [LOOP, THREADS], slower))).toBe(
      'work (CPU-bound): stay on the event loop. Tied with: 2 worker threads.',
    );
  });

  it('is open while any configuration may be faster by more than the minimum effect, also behind one that is not', () => {
    const other = cellOf({ id: 'work/child-processes@2', strategy: 'child-processes', poolSize: 2, wallsMs: [100] });
    const given = choosing(LOOP, [LOOP], comparisonOf(THREADS, 1.01, 0.99, 1.03, 'same'));
    const comparisons = [...(given.comparisons ?? []), comparisonOf(other, 0.98, 0.9, 1.08, 'inconclusive')];
    expect(sentence({ ...given, cells: [LOOP, THREADS, other], comparisons })).toContain(
      'no configuration is significantly faster than the event loop. Closest: 2 child processes, 0.98× as fast',
    );
  });

  it('says that others are faster if only the one that looks best is not shown to be', () => {
    const other = cellOf({ id: 'work/child-processes@2', strategy: 'child-processes', poolSize: 2, wallsMs: [75] });
    const given = choosing(THREADS, [THREADS], comparisonOf(THREADS, 1.52, 0.78, 2.05, 'inconclusive'));
    const comparisons = [...(given.comparisons ?? []), comparisonOf(other, 1.33, 1.04, 1.75, 'faster')];
    expect(sentence({ ...given, cells: [LOOP, THREADS, other], comparisons })).toContain(
      '1 configuration is significantly faster than the event loop, but not the one that looks best. Closest: 2 worker threads, 1.52× as fast',
    );
  });

  it('does not call failures an estimate, where an interrupted run has reached nothing else', () => {
    const workloads = resultsOf().workloads.map((each) => ({ ...each, interrupted: true as const }));
    const given = { complete: false, workloads, cells: [failedCellOf('work/event-loop', 'no')] };
    expect(sentence(given)).toBe('work (CPU-bound): no verdict: interrupted. All that was reached has failed.');
    expect(sentence({ ...given, cells: [LOOP] })).toContain('What was measured is an estimate');
  });

  it('names the ties of the choice, and why it was chosen', () => {
    const tied = choosing(LOOP, [THREADS, LOOP], comparisonOf(THREADS, 1.02, 1.0, 1.04, 'same'));
    // Results of before the reason was kept have none.
    expect(sentence(tied)).toMatch(/ Tied with: 2 worker threads\.$/);
    const recommendations = (tied.recommendations ?? []).map((each) => ({
      ...each,
      chosenFor: 'fewest-workers' as const,
    }));
    expect(sentence({ ...tied, recommendations })).toBe(
      'work (CPU-bound): stay on the event loop. No configuration is significantly faster. Tied with: 2 worker threads. The event loop was chosen: fewest workers.',
    );
    const within = (withinBest: number): string =>
      sentence({ ...tied, recommendations: recommendations.map((each) => ({ ...each, withinBest })) });
    expect(within(0.031)).toMatch(/ chosen: fewest workers; the choice is at most 3\.1% slower than the best\.$/);
    expect(within(11.346)).toMatch(/ chosen: fewest workers; the choice is at most 12\.35× as slow as the best\.$/);
    // Shown to be the best.
    expect(within(0)).toMatch(/ chosen: fewest workers\.$/);
  });

  it('names no tie that a verdict calls slower, though it may be by less than the minimum effect', () => {
    const faster = choosing(THREADS, [THREADS, LOOP], comparisonOf(THREADS, 1.33, 1.03, 1.58, 'faster'));
    expect(sentence(faster)).toBe('work (CPU-bound): use 2 worker threads, 1.33× as fast as the event loop.');
    const slower = choosing(LOOP, [LOOP, THREADS], comparisonOf(THREADS, 0.9, 0.82, 0.98, 'slower'));
    expect(sentence(slower)).toBe('work (CPU-bound): stay on the event loop. Every other configuration is slower.');
    const slightly = choosing(LOOP, [LOOP, THREADS], comparisonOf(THREADS, 0.97, 0.95, 0.99, 'slower'));
    expect(sentence(slightly)).toContain('Tied with: 2 worker threads.');
  });

  it('names ties that differ from the choice in concurrency together', () => {
    const at = (concurrency: MeasuredCell['concurrency']): MeasuredCell => ({
      ...THREADS,
      id: `${THREADS.id}x${concurrency}`,
      concurrency,
    });
    const other = cellOf({ id: 'work/child-processes@2', strategy: 'child-processes', poolSize: 2, wallsMs: [100] });
    const cells = [LOOP, THREADS, at(4), at('all'), other];
    const tied = (measured: readonly MeasuredCell[]): string =>
      sentence({ ...choosing(THREADS, [THREADS, ...measured], comparisonOf(THREADS, 2, 1.9, 2.1, 'faster')), cells });
    expect(tied([at(4), at('all'), other])).toMatch(
      / Tied with: the same at concurrency 4 or all, 2 child processes\.$/,
    );
    expect(tied([at(4)])).toMatch(/ Tied with: the same at concurrency 4\.$/);
  });

  describe('if throughput ties and event-loop delay or task latency differs', () => {
    const times = { estimate: 46, lo: 31, hi: 60, level: 0.95 };
    const withDelay = (cell: MeasuredCell, p99: number, p50Ms: number): MeasuredCell => {
      const { summary } = cell;
      return {
        ...cell,
        summary: {
          ...summary,
          loopDelayMs: { ...summary.loopDelayMs, p99 },
          taskMs: { ...summary.taskMs, p50: p50Ms },
        },
      };
    };
    const cells = [withDelay(LOOP, 237, 164), withDelay(THREADS, 10, 12.1)];
    const trading = (tied: readonly MeasuredCell[]): Partial<Results> => {
      const made = choosing(LOOP, tied, comparisonOf(THREADS, 1.02, 0.97, 1.04, 'same'));
      const tradeOff = {
        cell: THREADS.id,
        speedup: { estimate: 1.02, lo: 0.97, hi: 1.04, level: 0.95 },
        loopDelayMs: times,
        taskP50Ms: times,
      };
      return { ...made, cells, recommendations: (made.recommendations ?? []).map((each) => ({ ...each, tradeOff })) };
    };
    const details =
      'Event-loop delay p99: 237 ms on the event loop, 10.0 ms with 2 worker threads, at 1.02× the speed (46.0× as long on the event loop, 95% CI 31.0–60.0). Task latency (median): 164 ms on the event loop, 12.1 ms with 2 worker threads (46.0× as long on the event loop, 95% CI 31.0–60.0). To choose by that: lanewise tune --for responsiveness or --for latency.';

    it('names the delay that stands for shorter ones, where the ratio is not that of the delays', () => {
      const short = { ...THREADS, summary: { ...THREADS.summary, loopDelayMs: { p50: 1, p99: 1.1, max: 2 } } };
      const { cells: _cells, ...made } = trading([LOOP, THREADS]);
      expect(sentence({ ...made, cells: [LOOP, short] })).toContain(
        '1.10 ms with 2 worker threads, at 1.02× the speed (46.0× as long on the event loop, 95% CI 31.0–60.0; a delay under 2 ms counts as 2 ms).',
      );
    });

    it('begins with that difference, also in the headline', () => {
      expect(sentence(trading([LOOP, THREADS]))).toContain(
        `in throughput; main thread blocked for 237 ms on the event loop, 10.0 ms with 2 worker threads. ${details} By throughput: stay on the event loop. No configuration is significantly faster.`,
      );
      expect(headline(groupResults(resultsOf(trading([LOOP, THREADS]))))).toEqual([
        'work (CPU-bound): no significant difference in throughput; main thread blocked for 237 ms on the event loop, 10.0 ms with 2 worker threads',
      ]);
    });

    it('adds that difference after the verdict if the choice is faster', () => {
      expect(sentence(trading([LOOP]))).toContain(` ${details}`);
      expect(sentence(trading([LOOP]))).toMatch(/^work \(CPU-bound\): stay on the event loop\./);
      expect(headline(groupResults(resultsOf(trading([LOOP]))))).toEqual(['work (CPU-bound): stay on the event loop']);
    });
  });

  it('says to stay on the event loop if a race has dropped everything else', () => {
    const dropped = { behind: { lo: 3, hi: 4 }, speedup: { lo: 0.25, hi: 0.33 }, isSlower: true };
    const given = { ...choosing(LOOP, [LOOP], comparisonOf(THREADS, 1, 1, 1, 'same')), comparisons: [] };
    expect(sentence({ ...given, cells: [LOOP, { ...THREADS, dropped }] })).toBe(
      'work (CPU-bound): stay on the event loop. Every other configuration is slower.',
    );
    // Slower than one that was dropped, and not shown to be slower than the event loop.
    const slower = cellOf({ id: 'work/child-processes@2', strategy: 'child-processes', poolSize: 2, wallsMs: [300] });
    const behind = { ...slower, dropped: { ...dropped, isSlower: false } };
    expect(sentence({ ...given, cells: [LOOP, { ...THREADS, dropped }, behind] })).toBe(
      'work (CPU-bound): stay on the event loop.',
    );
  });

  it('of an A/A test counts what differs from its twin, and calls it a false alarm', () => {
    const twin = cellOf({ id: 'work/event-loop#2', wallsMs: [100] });
    const options = { ...resultsOf().options, aa: true as const };
    const testing = (comparison: Comparison) => sentence({ options, cells: [LOOP, twin], comparisons: [comparison] });
    expect(testing(comparisonOf(twin, 1, 0.97, 1.03, 'same'))).toBe(
      'work (CPU-bound): of 1 configuration, none differs significantly from its twin (A/A test). Differing by less than the minimum effect: 1.',
    );
    expect(testing(comparisonOf(twin, 1.2, 1.1, 1.3, 'faster'))).toBe(
      'work (CPU-bound): of 1 configuration, 1 differs significantly from its twin (A/A test). The event loop (twin 2) is 1.20× as fast as the event loop (95% CI 1.10–1.30). Twins run the same program: what differs here is a false alarm.',
    );
  });

  it('gives no verdict yet if an interruption left too little to compare', () => {
    expect(sentence({ cells: [LOOP, THREADS], complete: false })).toBe(
      'work (CPU-bound): no verdict yet. Too few blocks were measured to compare 2 configurations.',
    );
  });

  it('is withheld if other programs took the CPUs, and names what was free where that was too little', () => {
    const taken = (freeCpus: number | null, loopCpus: number | null) =>
      sentence({
        warnings: [{ kind: 'taken-cpus', workload: 'work', cores: 2, freeCpus, neededCpus: 1, loopCpus }],
      });
    expect(taken(0.3, 0.43)).toContain('no verdict: this machine had 0.30 of 2 CPUs free; measure again.');
    for (const freeCpus of [0.9, null])
      expect(taken(freeCpus, 0.43)).toContain('no verdict: other programs took its CPU time; measure again.');
  });

  it('gives no verdict if nothing could be measured or compared', () => {
    expect(sentence({ cells: [failedCellOf('work/worker-threads@2', 'no')] })).toBe(
      'work (CPU-bound): no verdict: every configuration failed.',
    );
    expect(sentence({ cells: [failedCellOf('work/worker-threads@2', 'no', 'UnequalWorkError')] })).toBe(
      'work (CPU-bound): no verdict: the results differ.',
    );
    expect(sentence({ cells: [LOOP] })).toBe('work (CPU-bound): only the event loop was measured.');
    expect(sentence({ cells: [THREADS] })).toBe('work (CPU-bound): only 2 worker threads were measured.');
    expect(sentence({ complete: false })).toBe('work (CPU-bound): not measured. The run ended before it was reached.');
  });
});
