import { describe, expect, it } from 'vitest';
import type { Held, LoadResults, LoadWorkload } from '../../../dist/src/model/load.js';
import { aloneSentences } from '../../../dist/src/report/load/closed-loop.js';

const WORKLOAD = { name: 'work', aloneMs: 18, capacity: 56 } as LoadWorkload;
const CELLS = [
  { id: 'loop', strategy: 'event-loop', poolSize: 1, concurrency: 'all', capacity: 56 },
  { id: 'threads', strategy: 'worker-threads', poolSize: 2, concurrency: 1, capacity: 112 },
];

function sentences(...over: readonly Partial<Held>[]): string {
  const held = over.map((one, index) => ({
    workload: 'work',
    cell: CELLS[index]?.id,
    kind: 'at',
    rate: { estimate: 42 * (index + 1) },
    ...one,
  }));
  return aloneSentences(WORKLOAD, { cells: CELLS, ...(held.length > 0 && { held }) } as unknown as LoadResults);
}

describe('what is known before any task arrives by itself', () => {
  it('is what a closed load test finds, with the share that is held', () => {
    expect(sentences({}, {})).toBe(
      'A task that meets no other takes 18.0 ms. With all tasks there at once, as in a closed load test, the event loop reaches 56.0 a second and 2 worker threads 112. When tasks arrive by themselves, 75% and 75% of that can be held.',
    );
  });

  it('says what a share above 100% means', () => {
    const beyond =
      'More than 100% holds for a short time only, or what is done at once was measured too low: a longer --window shows which.';
    expect(sentences({ rate: { estimate: 57 } } as Partial<Held>, {})).toContain(
      `101.8% and 75% of that can be held. ${beyond}`,
    );
    expect(sentences({ rate: { estimate: 56 } } as Partial<Held>, {})).not.toContain(beyond);
  });

  it('names no share of a bound, nor of a rate whose windows were refused', () => {
    const alone =
      'A task that meets no other takes 18.0 ms; the event loop does 56.0 a second when all are there at once.';
    expect(sentences({ kind: 'above' })).toBe(alone);
    expect(sentences({ isDriverLimited: true })).toBe(alone);
    expect(sentences()).toBe(alone);
  });
});
