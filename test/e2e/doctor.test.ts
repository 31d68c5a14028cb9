import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import type { Diagnosis } from '../../dist/src/model/diagnosis.js';
import { lanewise } from '../support/lanewise.js';

const cwd = process.cwd();

it('doctor --facts prints the facts of the machine at once, as JSON', async () => {
  const result = await lanewise(['doctor', '--facts', '--json'], { cwd });
  expect(result.status).toBe(0);
  const diagnosis = JSON.parse(result.stdout) as Diagnosis;
  expect(diagnosis).toMatchObject({
    schema: 'lanewise/doctor@1',
    environment: { node: process.version, availableParallelism: availableParallelism() },
    noise: [],
    upperBound: [],
    startupMs: { thread: null, process: null },
  });
  expect(diagnosis.sentences[0]).toContain(`CPU-bound work can use ${diagnosis.environment.cores} CPU`);
});

it('doctor --facts prints a table that fits 80 columns', async () => {
  const { stdout } = await lanewise(['doctor', '--facts'], { cwd });
  for (const word of ['usable CPUs', 'CPU quota', 'governor', 'steal since boot', 'What this means'])
    expect(stdout).toContain(word);
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
});
