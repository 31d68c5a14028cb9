import { describe, expect, it } from 'vitest';
import { heldInShort } from '../../../../dist/scripts/evidence/load/short-windows.js';

describe('the rate held in short windows, beside long ones', () => {
  it('is higher the fewer arrivals they have, unless these last ten times the objective', () => {
    const [least = 0, leastLonger = 0, , , most = 0, mostLonger = 0] = heldInShort(
      { servers: 8, taskMs: 10 },
      { windows: 2 },
    );
    expect(least).toBeGreaterThan(most);
    expect(leastLonger).toBeLessThan(least);
    // 400 arrivals of 800 a second last that long by themselves.
    expect(Math.abs(leastLonger - mostLonger)).toBeLessThan(0.1);
    expect(mostLonger).toBeGreaterThan(0.95);
  });
});
