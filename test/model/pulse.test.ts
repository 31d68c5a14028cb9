import { describe, expect, it } from 'vitest';
import { scheduleOf } from '../../dist/src/model/arrivals.js';
import { arrivalsOf, fluidRecoveryMs, planPulse, pulsedMs, pulsesMsOf } from '../../dist/src/model/pulse.js';

const OVERLOAD = { times: 1.5, pulseMs: 3000 };

describe('the plan of a pulse', () => {
  it('has half of the rate that is held, and a multiple of it', () => {
    expect(planPulse(OVERLOAD, { capacity: 100, held: 80, lowest: 10 })).toMatchObject({
      baseRate: 40,
      pulseRate: 120,
    });
  });

  it('takes the capacity for the rate that is held if that is not known, and at most the lowest rate given', () => {
    const known = { capacity: 100, held: undefined };
    expect(planPulse(OVERLOAD, { ...known, lowest: undefined })).toMatchObject({ baseRate: 50, pulseRate: 150 });
    expect(planPulse(OVERLOAD, { ...known, lowest: 20 })).toMatchObject({ baseRate: 20, pulseRate: 150 });
    expect(planPulse(OVERLOAD, { ...known, lowest: 90 })).toMatchObject({ baseRate: 50 });
  });

  it('leaves time for twice the recovery that a fluid needs, within half a minute', () => {
    // 50 more a second than are done, for 3 s: 150 wait, of which 50 a second are done.
    expect(planPulse(OVERLOAD, { capacity: 100, held: undefined, lowest: undefined }).tailMs).toBe(2 * 3000 + 2000);
    expect(planPulse({ times: 20, pulseMs: 60_000 }, { capacity: 9, held: 9, lowest: undefined }).tailMs).toBe(30_000);
    expect(planPulse({ times: 1.1, pulseMs: 3000 }, { capacity: 100, held: 80, lowest: undefined }).tailMs).toBe(2000);
  });
});

describe('the time of pulses', () => {
  it('is that of each configuration, one after the other', () => {
    const capacities = { a: { capacity: 100 }, b: { capacity: 100 } };
    // Held or not, twice the recovery and 2 s; 3 s of pulse and 2 s before it.
    expect(pulsesMsOf(OVERLOAD, capacities, { held: { a: 100 } })).toBe(2 * (2000 + 3000 + 8000));
  });
});

describe('the recovery of a fluid', () => {
  it('is the queue divided by what is done beyond what arrives', () => {
    expect(fluidRecoveryMs({ queue: 150, capacity: 100, baseRate: 50 })).toBe(3000);
    expect(fluidRecoveryMs({ queue: -5, capacity: 100, baseRate: 50 })).toBe(0);
    expect(fluidRecoveryMs({ queue: 1, capacity: 100, baseRate: 100 })).toBeUndefined();
  });
});

describe('the arrivals of a pulse', () => {
  const plan = { baseRate: 20, pulseRate: 100, leadMs: 1000, pulseMs: 2000, tailMs: 1000 };

  it('come at the low rate, at that of the pulse, and at the low rate again', () => {
    expect(arrivalsOf(plan)).toBe(240);
    const due = pulsedMs(scheduleOf({ kind: 'constant' }, arrivalsOf(plan), 1, 1), plan);
    const between = (from: number, to: number): number => due.filter((ms) => ms >= from && ms < to).length;
    expect([between(0, 1000), between(1000, 3000), between(3000, 4000)]).toEqual([20, 200, 20]);
    expect(due).toEqual(due.toSorted((a, b) => a - b));
  });

  it('end with the window', () => {
    const due = pulsedMs(scheduleOf({ kind: 'poisson' }, 400, 1, 1), plan);
    expect(Math.max(...due)).toBeLessThanOrEqual(4000);
  });
});
