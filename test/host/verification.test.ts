import { describe, expect, it } from 'vitest';
import { createVerification } from '../../dist/src/host/verification.js';

const TASKS = 10;
/** A batch of one lane, in which every digest took this long. */
const batch = (costMs: number, digest: string | null = 'x') =>
  Array.from({ length: TASKS }, (_, index) => ({
    index,
    lane: 0,
    finishedNs: 0,
    digestedNs: costMs * 1e6,
    digest,
  }));
const chosen = (isChosen: (task: number) => boolean): number[] =>
  Array.from({ length: TASKS }, (_, task) => task).filter(isChosen);

describe('verified outputs', () => {
  it('are all outputs of untimed batches, unless verification is off', () => {
    for (const mode of ['all', 'sample'] as const)
      expect(chosen(createVerification(mode, TASKS).untimed)).toHaveLength(TASKS);
    const off = createVerification('off', TASKS);
    expect([chosen(off.untimed), chosen(off.timed())]).toEqual([[], []]);
  });

  it('take at most half a percent of a timed batch, and are others each time', () => {
    const verification = createVerification('sample', TASKS);
    // 100 ms of work and 10 digests of 0.1 ms: half a percent is 0.5 ms.
    verification.learn(batch(0.1), 101, true);
    expect([chosen(verification.timed()), chosen(verification.timed()), chosen(verification.timed())]).toEqual([
      [0, 1, 2, 3, 4],
      [5, 6, 7, 8, 9],
      [0, 1, 2, 3, 4],
    ]);
  });

  it('are fewer if only a warm-up batch is known, which may have taken much longer', () => {
    const verification = createVerification('sample', TASKS);
    verification.learn(batch(0.02), 100.2, false);
    expect(chosen(verification.timed())).toEqual([0, 1]);
  });

  it('are none if a single digest exceeds the budget, or if no cost is known', () => {
    const verification = createVerification('sample', TASKS);
    expect(chosen(verification.timed())).toEqual([]);
    // 500 ms of digests around 20 ms of work.
    verification.learn(batch(50), 520, true);
    expect(chosen(verification.timed())).toEqual([]);
  });

  it('are none if the first digest of a batch exceeds the budget, whatever the later ones take', () => {
    const tenth = (firstMs: number) =>
      batch(0).map((record, index) => ({
        ...record,
        finishedNs: index,
        digestedNs: index + (index === 0 ? firstMs : 0.001) * 1e6,
      }));
    const verification = createVerification('sample', TASKS);
    // Half a percent of 4 ms is 0.02 ms.
    verification.learn(tenth(0.03), 4, true);
    expect(chosen(verification.timed())).toEqual([]);
    // Once it took less, it is the least that counts: a pause may have been in the others.
    verification.learn(tenth(0.015), 4, true);
    expect(chosen(verification.timed())).toHaveLength(5);
    verification.learn(tenth(3), 7, true);
    expect(chosen(verification.timed())).toHaveLength(5);
  });

  it('can be one million', () => {
    const verification = createVerification('sample', 1_000_000);
    const records = Array.from({ length: 1_000_000 }, (_, index) => ({
      index,
      lane: 0,
      finishedNs: 0,
      digestedNs: 1,
      digest: 'x',
    }));
    verification.learn(records, 1000, true);
    expect(verification.timed()(0)).toBe(true);
  });

  it('are all outputs with --verify all, whatever it costs', () => {
    const verification = createVerification('all', TASKS);
    verification.learn(batch(50), 520, true);
    expect(chosen(verification.timed())).toHaveLength(TASKS);
  });
});
