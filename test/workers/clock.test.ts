import { expect, it } from 'vitest';
import { beginningNs, NS_PER_MS } from '../../dist/workers/clock.js';

it('the beginning of a clock is the same whenever it is looked for, to a fraction of a millisecond', () => {
  const found = Array.from({ length: 5 }, () => beginningNs());
  const sorted = found.toSorted((a, b) => a - b);
  // Others may interrupt some of five.
  expect(Math.abs((sorted[3] ?? 0) - (sorted[1] ?? 0))).toBeLessThan(NS_PER_MS);
  expect(
    Math.abs(
      Date.now() - (Date.UTC(2026, 0) + (found[0] ?? 0) / NS_PER_MS + Number(process.hrtime.bigint()) / NS_PER_MS),
    ),
  ).toBeLessThan(1000);
});
