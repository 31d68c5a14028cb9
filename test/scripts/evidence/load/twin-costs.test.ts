import { expect, it } from 'vitest';
import { costRow } from '../../../../dist/scripts/evidence/load/twin-costs.js';
import { windowOf } from '../../../support/windows.js';

const RECORD = {
  key: '',
  way: 'quiet',
  strategy: 'event-loop',
  commonRates: [],
  freeCpus: 2,
  isWithheld: false,
  beside: { seed: 1, requests: 400, settling: 100, ratings: [] },
} as const;

it('says by how much a task gets cheaper within a block, and that windows at one moment are alike', () => {
  const twins = [0, 1, 2, 3, 4, 5].map((own) =>
    Array.from({ length: 12 }, (_, block) =>
      [0, 1, 2, 3].map((turn) => windowOf(block, 0, 40, { position: turn * 6 + own, cpuMs: 100 * 0.98 ** turn })),
    ).flat(),
  );
  const row = costRow({ ...RECORD, twins });
  expect(row.slice(0, 4)).toEqual(['quiet', 'event-loop', '2.00', '0.94–0.94']);
  const [next = 0, far = 0] = row.slice(4).map(Number);
  expect(next).toBeGreaterThan(0.5);
  expect(far).toBeLessThan(0);
});
