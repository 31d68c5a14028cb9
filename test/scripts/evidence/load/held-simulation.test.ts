import { describe, expect, it } from 'vitest';
import { simulate, twinsShown } from '../../../../dist/scripts/evidence/load/held-simulation.js';

const ONE = { servers: 1, taskMs: 10 };

describe('simulated measurements of held rates', () => {
  it('seldom take a queue for different from itself', () => {
    expect(simulate([ONE, ONE], { blocks: 8, requests: 200, truthWindows: 200 }, 20, 1).differing).toBeLessThanOrEqual(
      0.1,
    );
  });

  it('show twins to differ the less often, the more is added to their differences', () => {
    const shown = twinsShown(ONE, { blocks: 8, requests: 150 }, 20, 1);
    expect(shown).toEqual(shown.toSorted((a, b) => b - a));
    expect(shown[0]).toBeLessThanOrEqual(0.2);
  });

  it('mostly show that two servers hold more than one', () => {
    const found = simulate([ONE, { servers: 2, taskMs: 10 }], { blocks: 12, requests: 200, truthWindows: 200 }, 10, 1);
    expect(found.differing).toBeGreaterThanOrEqual(0.8);
    expect(found.covered).toBeGreaterThanOrEqual(0.8);
  });
});
