import { describe, expect, it } from 'vitest';
import { heldInShort } from '../../../../dist/scripts/evidence/load/short-windows.js';

describe('the rate held in short windows, beside long ones', () => {
  it('is higher the fewer arrivals they have, unless these last ten times the objective', () => {
    const [least, , most] = heldInShort({ servers: 8, taskMs: 10 }, { windows: 2 });
    if (least === undefined || most === undefined) throw new Error('nothing was simulated');
    expect(least.plain).toBeGreaterThan(most.plain);
    expect(least.lasting).toBeLessThan(least.plain);
    // 400 arrivals of 800 a second last that long by themselves.
    expect(Math.abs(least.lasting - most.lasting)).toBeLessThan(0.1);
    expect(least.forecast).toBeLessThan(least.lasting);
  });
});
