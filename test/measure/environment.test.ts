import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { readEnvironment } from '../../dist/src/measure/environment.js';

it('tells facts of the machine, and nothing of its user', async () => {
  const environment = await readEnvironment();
  expect(environment.cores).toBeGreaterThanOrEqual(1);
  expect(environment.cores).toBeLessThanOrEqual(availableParallelism());
  expect(environment.node).toBe(process.version);
  expect(JSON.stringify(environment)).not.toContain(process.cwd());
});
