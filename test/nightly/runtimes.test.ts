/** Every fault whose outcome on other runtimes is known, and the contract of the strategies on another Node. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { KNOWN_FAULTS, node, runOn, testRuntimeFaults } from '../support/other-runtimes.js';

const CONTRACT = fileURLToPath(new URL('../../dist/scripts/reliability/contract.js', import.meta.url));

it.skipIf(node === undefined)('another Node keeps the contract of every built-in strategy', async () => {
  const { count, broken } = JSON.parse(await runOn(node ?? '', CONTRACT));
  expect(broken).toEqual([]);
  expect(count).toBeGreaterThan(0);
});

testRuntimeFaults(KNOWN_FAULTS);
