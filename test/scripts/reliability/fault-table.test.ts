import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAULT_STRATEGIES } from '../../../dist/scripts/reliability/fault-table.js';
import { FAULTS } from '../../../dist/scripts/reliability/faults.js';

const textOf = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

it('the README counts the faults and strategies of the table that every fault is measured for', () => {
  const table = textOf('docs/reliability.md').split('<!-- faults -->')[1]?.split('<!-- /faults -->')[0] ?? '';
  const rows = table
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2);
  expect(new Set(rows.map((row) => row.split('|')[1]?.trim()))).toEqual(new Set(Object.keys(FAULTS)));
  expect(textOf('README.md')).toContain(`${rows.length} kinds of faults in ${FAULT_STRATEGIES.length} strategies`);
});
