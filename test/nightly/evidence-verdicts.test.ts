import { expect, it } from 'vitest';
import { gather } from '../../dist/scripts/evidence/verdicts.js';
import { tabulate, type EvidenceRecord } from '../../dist/scripts/evidence/tabulate-verdicts.js';

it('twins are measured under each condition and tabulated', async () => {
  const records: EvidenceRecord[] = [];
  const once = { slowed: 1, identical: 0 };
  const never = { slowed: 0, identical: 0 };
  await gather(
    {
      // Beside the neighbour is as it is, with a neighbour.
      repetitions: { quiet: never, neighbour: once, tinybench: once },
      blocks: 8,
      rounds: 1,
      benchMs: 1,
      workloads: ['cpu'],
      strategies: ['event-loop'],
    },
    1,
    (record) => records.push(record),
  );
  expect(records.map(({ way, twins, workload }) => `${way} ${twins} ${workload}`).toSorted()).toEqual([
    'neighbour slowed cpu',
    'tinybench slowed cpu',
  ]);
  for (const { walls } of records) {
    expect(walls).toHaveLength(6);
    for (const own of walls) expect(own.length).toBeGreaterThan(1);
  }
  const table = tabulate({ date: '2026-01-02', machine: 'A CPU', seed: 1, command: 'npm run evidence' }, records);
  expect(table).toContain('`npm run evidence`');
  expect(table).toMatch(/\| beside a noisy neighbour\s+\| Lanewise\s+\|\s+\d of 2 \(/);
});
