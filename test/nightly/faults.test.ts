/**
 * Every fault in every strategy, and their table in docs/reliability.md: `npm run faults` writes it, and this test
 * compares it with the actual outcomes.
 */
import { markdownTable } from 'markdown-table';
import { afterAll } from 'vitest';
import { writeDocs } from '../../dist/scripts/docs/write-docs.js';
import { FAULT_HEADS } from '../../dist/scripts/reliability/fault-table.js';
import { FAULTS, type FaultName } from '../../dist/scripts/reliability/faults.js';
import { CORE_OF_QUEUES, IS_WRITING, seen, testFaults } from '../support/fault-tests.ts';

const faults = Object.keys(FAULTS) as FaultName[];
testFaults(faults, IS_WRITING ? faults : CORE_OF_QUEUES);

afterAll(() => {
  if (!IS_WRITING) return;
  const table = markdownTable([FAULT_HEADS.slice(), ...[...seen].map(([fault, outcomes]) => [fault, ...outcomes])]);
  const made = `Made on ${new Date().toISOString().slice(0, 10)} by \`npm run faults\`, Node ${process.version}, ${process.platform}.`;
  writeDocs('reliability.md', 'faults', `${made}\n\n${table}`);
});
