import { describe, expect, it } from 'vitest';
import type { Comparison, MeasuredCell, Results, Verdict } from '../../dist/src/model.js';
import { groupResults } from '../../dist/src/report/groups.js';
import { verdictSentence } from '../../dist/src/report/verdict.js';
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
  return group === undefined ? '' : verdictSentence(group);
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

describe('verdictSentence', () => {
  it('says how many times as fast the choice is, and how sure that is', () => {
    expect(sentence(choosing(THREADS, [THREADS], comparisonOf(THREADS, 1.78, 1.7, 1.85, 'faster')))).toBe(
      'work (CPU work): choose 2 worker threads: 1.78 times as fast as the event loop (95 % interval 1.70 to 1.85).',
    );
  });

  it('says to stay on the event loop when nothing was shown to beat it', () => {
    expect(sentence(choosing(LOOP, [LOOP], comparisonOf(THREADS, 0.5, 0.4, 0.6, 'slower')))).toBe(
      'work (CPU work): stay on the event loop. Every other way was shown to be slower; the nearest, 2 worker threads, are 0.50 times as fast as the event loop (95 % interval 0.40 to 0.60).',
    );
  });

  it('says to stay only until more is known, if a rival looks better', () => {
    expect(sentence(choosing(LOOP, [LOOP, THREADS], comparisonOf(THREADS, 1.24, 0.94, 1.5, 'inconclusive')))).toBe(
      'work (CPU work): too close to call; stay on the event loop until more is known. The best rival, 2 worker threads, are 1.24 times as fast as the event loop (95 % interval 0.94 to 1.50); about 40 blocks would likely decide, 10 were measured.',
    );
  });

  it('says so when it is too close to call, and what would decide', () => {
    expect(
      sentence(choosing(THREADS, [THREADS, LOOP], comparisonOf(THREADS, 1.02, 0.97, 1.07, 'inconclusive'))),
    ).toContain(
      'too close to call. 2 worker threads are 1.02 times as fast as the event loop (95 % interval 0.97 to 1.07); about 40 blocks would likely decide, 10 were measured.',
    );
  });

  it('names what is tied with the choice', () => {
    expect(sentence(choosing(THREADS, [THREADS, LOOP], comparisonOf(THREADS, 1.2, 1.01, 1.3, 'faster')))).toContain(
      'Not shown to be slower: the event loop.',
    );
  });

  it('gives no verdict yet where an interruption left too little to compare', () => {
    expect(sentence({ cells: [LOOP, THREADS], complete: false })).toBe(
      'work (CPU work): no verdict yet, since too few blocks were measured to tell 2 ways apart.',
    );
  });

  it('gives no verdict where nothing could be measured or compared', () => {
    expect(sentence({ cells: [failedCellOf('work/worker-threads@2', 'no')] })).toBe(
      'work (CPU work): no verdict, since no way of running it could be measured.',
    );
    const alone = {
      cells: [LOOP],
      recommendations: [
        { workload: 'work', params: {}, choose: LOOP.id, fastest: LOOP.id, tied: [LOOP.id], because: '' },
      ],
    };
    expect(sentence(alone)).toBe('work (CPU work): nothing to compare, since only the event loop was measured.');
  });
});
