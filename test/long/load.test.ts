import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lanewise, useCommands } from '../support/lanewise.js';
import { useLoad } from '../support/load.js';

const { folder, load, loadBlock, readResults } = useLoad();
const briefly = useCommands(folder);

describe('lanewise load', () => {
  it('lets tasks arrive at each rate, and reports latencies and whether the objective is held', async () => {
    const { status, stdout, stderr } = await load(
      'timer --param ms=2 --rate 200,400 --objective p99<=500ms',
      '-s event-loop --blocks 6 --window 40 --seed 1 --via in-process',
    );
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('timer[ms=2] (I/O-bound), Poisson arrivals, objective p99 ≤ 500 ms:');
    expect(stdout).toContain('At 200 tasks a second');
    const results = await readResults('lanewise-load');
    expect(results).toMatchObject({ schema: 'lanewise/load@1', complete: true });
    // Fewer blocks than 7 cannot show that two rates are held.
    for (const cell of results.cells) {
      expect(cell.windows).toHaveLength(7 * 2 * 2);
      for (const window of cell.windows)
        expect(window).toMatchObject({ offered: 30, sent: 30, done: 30, failed: 0, state: 'ok' });
    }
    const held = results.cells.map((cell) => cell.status === 'ok' && cell.rates.map(({ holds }) => holds));
    expect(held).toEqual([['yes', 'yes']]);
    // Each task waits 2 ms.
    const latencies = results.cells.flatMap(({ windows }) => windows.map(({ latencyMs }) => latencyMs.p50));
    for (const ms of latencies) expect(ms).toBeGreaterThanOrEqual(2);

    const again = await lanewise(['report', 'lanewise-load', '--out', 'again'], { cwd: folder.path });
    expect(again).toMatchObject({
      status: 0,
      stdout,
      stderr: `Written: ${['load.html', 'load.md', 'load.json'].map((file) => join('again', file)).join(', ')}\n`,
    });
    const json = await lanewise(['report', 'lanewise-load', '--json', '--format', 'md', '-q'], { cwd: folder.path });
    expect(JSON.parse(json.stdout)).toEqual(results);
    const csv = await lanewise(['report', 'lanewise-load', '--format', 'csv'], { cwd: folder.path });
    expect(csv).toMatchObject({ status: 2, stdout: '' });
    expect(csv.stderr).toContain('Unknown format "csv"');
    const compared = await lanewise(['compare', 'lanewise-load', 'lanewise-load'], { cwd: folder.path });
    expect(compared).toMatchObject({ status: 2, stdout: '' });
    expect(compared.stderr).toContain('lanewise-load and lanewise-load are the same run');
    const later = await folder.file(
      'later.json',
      JSON.stringify({ ...results, startedAt: '2099-01-01T00:00:00.000Z', seed: 9 }),
    );
    const twice = await lanewise(['compare', 'lanewise-load', later, '--fail-on', 'never'], { cwd: folder.path });
    expect(twice.status, twice.stderr).toBe(0);
    expect(twice.stdout).toContain('timer[ms=2]: p99 at 200 tasks a second');

    // test/nightly compares them; what is measured is as it was.
    const against = await loadBlock('compared', 'timer --param ms=2 -s event-loop --blocks 6 --against lanewise-load');
    // Interrupted then, except on Windows.
    expect([0, 130], against.stderr).toContain(against.status);
    expect(await readResults('compared')).toMatchObject({
      seed: 1,
      options: { rates: [200, 400], requests: 40, via: 'in-process' },
      workloads: [{ objective: { quantile: 'p99', ms: 500 } }],
    });
  });

  it('counts a task that throws as missed, and not among the latencies', async () => {
    await folder.file(
      'sometimes.mjs',
      `export default { bound: 'io', tasks: 4, input: ({ index }) => index,
        async task(index) { if (globalThis.served === undefined) globalThis.served = 0;
          globalThis.served += 1; if (globalThis.served > 120 && index === 3) throw new Error('no more');
          await new Promise((resolve) => setTimeout(resolve, 2)); return index; } };`,
    );
    const { status, stderr } = await loadBlock(
      'failing',
      './sometimes.mjs --rate 200 -s event-loop --blocks 2 --window 80 --seed 1',
    );
    // Interrupted then, except on Windows.
    expect([0, 130], stderr).toContain(status);
    const { cells } = await readResults('failing');
    const windows = cells.flatMap((cell) => cell.windows);
    expect(windows.some(({ failed }) => failed > 0)).toBe(true);
    for (const { missed, failed, done, sent } of windows) {
      expect(missed).toBeGreaterThanOrEqual(failed);
      expect(done + failed).toBe(sent);
    }
  });

  it.each(['in-process', 'http'])('is not led astray by a workload that replaces timers and JSON: %s', async (via) => {
    await folder.file(
      'patches.mjs',
      `const nothing = () => ({});
      Object.assign(globalThis, { setTimeout: nothing, setInterval: nothing, setImmediate: nothing });
      Object.assign(JSON, { stringify: () => '{}', parse: nothing });
      Object.assign(performance, { now: () => 0 });
      export default () => 1;`,
    );
    const { status, stderr } = await loadBlock(
      `patched-${via}`,
      `./patches.mjs --rate 100 --objective p99<=500ms -s event-loop,worker-threads -p 1 --via ${via}`,
      '--blocks 2 --window 40 --seed 1',
    );
    // Interrupted then, except on Windows.
    expect([0, 130], stderr).toContain(status);
    const { cells } = await readResults(`patched-${via}`);
    expect(cells.map((cell) => cell.status)).toEqual(['ok', 'ok']);
    for (const { sent, done } of cells.flatMap(({ windows }) => windows)) expect(done).toBe(sent);
  });

  it('requests the tasks over HTTP from another process, and pings the server meanwhile', async () => {
    const { status, stderr } = await loadBlock(
      'requested',
      'timer --param ms=5 --rate 100 --objective p99<=500ms -s event-loop,child-processes -p 1',
      '--blocks 2 --window 40 --seed 1 --connections 4 --probe 50 --keep-requests',
    );
    // Interrupted then, except on Windows.
    expect([0, 130], stderr).toContain(status);
    const { options, cells } = await readResults('requested');
    expect(options).toMatchObject({ via: 'http', connections: 4, probePerSecond: 50 });
    const windows = cells.flatMap((cell) => cell.windows);
    expect(windows.length).toBeGreaterThanOrEqual(2 * 2);
    for (const window of windows) {
      expect(window).toMatchObject({ offered: 30, sent: 30, done: 30, failed: 0 });
      expect(window.driver?.sockets).toBeGreaterThanOrEqual(4);
      expect(window.probeMs?.n).toBeGreaterThan(0);
      expect(window.state === 'driver-limited').toBe((window.driver?.limits.length ?? 0) > 0);
      expect(window.requests).toHaveLength(40);
      for (const { dueMs, sentMs = 0, acceptedMs, startedMs, finishedMs, receivedMs } of window.requests ?? []) {
        const times = [dueMs, sentMs, acceptedMs, startedMs ?? 0, finishedMs ?? 0, receivedMs];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
    }
  });

  it.each([
    [['primes', '--via', 'in-process', '--probe', '5'], 'Invalid --probe: in process there is no server.'],
    [['primes', '--via', 'in-process', '--connections', '5'], 'Invalid --connections: in process there is no server.'],
    [['primes', '--connections', 'new'], 'give --rate, at most 300'],
    [['primes', '--connections', 'new', '--rate', '100,400'], 'give --rate, at most 300'],
    [['primes', '--connections', '0'], 'Invalid --connections "0": expected a whole number from 1 to 400'],
    [
      ['primes', '--via', 'in-process', '--strategy', 'cluster'],
      'Invalid strategy "cluster": its workers are servers.',
    ],
    [['primes', '--strategy', 'cluster@2x4'], 'its workers take all requests. Write cluster@2.'],
    [['primes', '--via', 'carrier'], 'Invalid --via "carrier": expected http or in-process'],
    [['primes', '--objective', 'p99<=5ms'], 'at least 10 ms can be held to'],
    [['primes', '--max-queue', '0'], 'expected none, auto or a whole number from 1'],
    [['primes', '--overload', '3s'], 'Invalid --overload "3s"'],
    [['primes', '--give-up', 'soon'], 'Invalid --give-up "soon"'],
    [['primes', '--rate', '0'], 'arrivals per second, above 0'],
    [['primes', 'json'], 'Unexpected workload "json": load takes one, or the old and the new version'],
    [['primes', '--rate', '40', '--window', '20000'], 'Too much to measure: these are 1440000 requests'],
    [
      ['primes', '--rate', '40', '--fail-on', 'slower'],
      '--fail-on needs a comparison: --versus, --versus-ref or --against.',
    ],
    [['primes', '--suite', 'api'], 'Unknown suite "api": there is no configuration file.'],
    [[], 'Missing workload: for example lanewise load primes.'],
    [['prime'], 'Did you mean "primes"?'],
  ])('refuses %j before anything starts', async (args, message) => {
    const { status, stderr } = await briefly(['load', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});
