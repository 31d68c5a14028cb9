/** The cases of `test/cases` that depend on durations. */
import { expect, it, vi } from 'vitest';
import { expectMeasured, kindsOf, measuredCase, measuredIn, ok, seen, sentence } from '../cases/run-case.js';

vi.setConfig({ testTimeout: 300_000 });

it('07-graph-output: an output that is a graph is verified in time proportional to its size', async () => {
  const found = await measuredCase('07-graph-output', { firstBlock: true, args: ['--rounds', '5'] });
  expectMeasured(found);
  expect(ok(found.results)).toHaveLength(3);
  for (const { samples } of ok(found.results)) {
    const shares = samples.map(({ digestShare }) => digestShare).toSorted((a, b) => a - b);
    expect(shares[Math.floor(shares.length / 2)]).toBeLessThan(0.05);
  }
  seen(
    `outputs verified in timed batches: ${ok(found.results)
      .map(({ summary }) => summary.verifiedShare)
      .join(', ')}`,
  );
});

it('12-memoised: results that are cached from batch to batch have no verdict', async () => {
  const found = await measuredCase('12-memoised');
  expect(kindsOf(found.results)).toContain('memoised');
  expect(found.results.recommendations).toEqual([]);
  expect(found.results.workloads[0]?.tasks).toBe(8);
  expect(found.stdout.indexOf('the first time')).toBeLessThan(found.stdout.indexOf('no verdict: what was timed'));
  seen(sentence(found.stdout, 'collatz on'));
});

it('13-growing-state: a warning reports batches that get slower within blocks', async () => {
  const found = await measuredCase('13-growing-state');
  const drift = found.results.warnings.find((warning) => warning.kind === 'drifting-batches');
  expect(drift?.ratio.lo).toBeGreaterThan(1.05);
  seen(sentence(found.stdout, 'index on'));
});

it('14-forgotten-await: work that is not awaited has no verdict, and does not enlarge the batch', async () => {
  const found = await measuredCase('14-forgotten-await');
  expect(kindsOf(found.results)).toContain('unawaited');
  expect(found.results.recommendations).toEqual([]);
  expect(found.results.workloads[0]?.tasks).toBe(16);
  expect(found.results.cells.filter((cell) => cell.status === 'failed')).toEqual([]);
  seen(sentence(found.stdout, 'enqueue on'));
});

it('16-digest-decides: verifying outputs takes less than 1% of a timed batch', async () => {
  const { results } = await measuredCase('16-digest-decides', { firstBlock: true, args: ['--rounds', '3'] });
  expect(ok(results)).toHaveLength(3);
  const shares = ok(results).flatMap(({ samples }) => samples.map(({ digestShare }) => digestShare));
  expect(kindsOf(results)).not.toContain('costly-digest');
  expect(shares.toSorted((a, b) => a - b)[Math.floor(shares.length / 2)]).toBeLessThan(0.01);
  seen(`digests took at most ${(100 * Math.max(...shares)).toFixed(2)}% of a batch`);
});

it('22-tail-latency: the verdict reports other differences when throughput ties', async () => {
  const found = await measuredCase('22-tail-latency');
  expect(found.status).toBe(0);
  const [verdict = ''] = found.stdout.split('\n\none-long ·');
  expect(verdict.replaceAll('\n', ' ')).toMatch(/main thread|task latency|median task/);
  seen(verdict.replaceAll('\n', ' '));
});

it('23-subprocess-cpu: CPU time of commands that tasks start is counted', async ({ skip }) => {
  skip(process.platform !== 'linux', 'not counted on this system');
  const found = await measuredCase('23-subprocess-cpu', { args: ['--rounds', '1'] });
  expect(found.status).toBe(0);
  expect(kindsOf(found.results)).not.toContain('bound-not-seen');
  const { samples, summary } = measuredIn(found.results, 'event-loop');
  for (const { cpuMs } of samples) expect(cpuMs).toBeGreaterThanOrEqual(300);
  seen(`${summary.cpusUsed} CPUs used, ${Math.round(samples[0]?.cpuMs ?? 0)} ms of CPU time in a batch`);
});
