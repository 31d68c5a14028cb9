import { describe, expect, it } from 'vitest';
import { isWorse, tuneBoth } from '../../../dist/scripts/evidence/finalists.js';
import { uniformOf } from '../../../dist/scripts/evidence/simulated-machine.js';

const EQUAL = Array.from({ length: 12 }, () => 0);

describe('the simulated finalists of a tuning', () => {
  it('are few after a short screening on a quiet machine, and four after all of it on a noisy one', () => {
    const uniform = uniformOf(1);
    const quiet = tuneBoth(EQUAL, 0.005, uniform);
    expect(quiet.now.blocks).toBe(2);
    expect(quiet.now.finalists).toBeLessThanOrEqual(2);
    expect(quiet.full).toEqual({ regret: 0, finalists: 4, blocks: 4 });
    expect(tuneBoth(EQUAL, 0.1, uniform).now).toEqual({ regret: 0, finalists: 4, blocks: 4 });
  });

  it('have the best one where it is 6% faster, if blocks vary by 1%', () => {
    const uniform = uniformOf(2);
    for (let best = 0; best < EQUAL.length; best++) {
      const truth = EQUAL.map((_, index) => (index === best ? 0 : 0.06));
      expect(tuneBoth(truth, 0.01, uniform).now.regret).toBe(0);
    }
  });

  it('make choices no worse than all blocks and four finalists do, from the same screenings', () => {
    const uniform = uniformOf(3);
    const all = Array.from({ length: 200 }, () => {
      const best = Math.floor(uniform() * EQUAL.length);
      return tuneBoth(
        EQUAL.map((_, index) => (index === best ? 0 : 0.06)),
        0.03,
        uniform,
      );
    });
    expect(isWorse({ all })).toBe(false);
  });

  it('count as worse only if bad choices of theirs alone are significantly more frequent', () => {
    const [good, bad] = [0, 0.06].map((regret) => ({ regret, finalists: 4, blocks: 4 }));
    if (good === undefined || bad === undefined) throw new Error('no outcomes');
    const pairs = (count: number, now = bad, full = good): { now: typeof bad; full: typeof bad }[] =>
      Array.from({ length: count }, () => ({ now, full }));
    // 6 of 6 has the lower limit 0.025^(1/6) = 0.54, 5 of 5 has 0.48.
    expect(isWorse({ all: pairs(6) })).toBe(true);
    expect(isWorse({ all: pairs(5) })).toBe(false);
    expect(isWorse({ all: [...pairs(6), ...pairs(3, good, bad)] })).toBe(false);
  });
});
