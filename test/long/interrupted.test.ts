/** Runs that end early: interrupted, killed, out of time. test/nightly has more of them. */
import { randomUUID } from 'node:crypto';
import { appendFile, cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { processesWith } from '../../dist/scripts/reliability/processes.js';
import { ALONE, POLL, PRESET, QUICK, useCutOff } from '../support/cut-off.js';

const { folder, run, start, results, blocksOf, interrupt } = useCutOff();

/** Every turn of every block, exactly once. */
function expectWhole({ complete, cells, noise = [] }: Results): void {
  expect(complete).toBe(true);
  for (const { samples, startupMs } of cells) {
    expect(samples.map(({ block, round }) => `${block} ${round}`).toSorted()).toEqual([
      '0 0',
      '0 1',
      '1 0',
      '1 1',
      '2 0',
      '2 1',
      '3 0',
      '3 1',
      '4 0',
      '4 1',
      '5 0',
      '5 1',
    ]);
    expect(startupMs).toHaveLength(6);
  }
  expect(noise[0]?.blocks).toHaveLength(6);
}

describe('a run that is interrupted', () => {
  // test/nightly has SIGHUP.
  it('by SIGTERM keeps its results, and ends with 130', async () => {
    expect(await interrupt('SIGTERM')).toMatchObject({ complete: false });
  });

  it('by SIGINT keeps its results, and can be resumed by its folder or a file in it', async () => {
    const cut = await interrupt('SIGINT');
    const reached = await blocksOf('cut-SIGINT');
    expect(reached).toBeGreaterThan(0);
    const { status, stderr } = await run(['--resume', join('cut-SIGINT', 'results.json')]);
    expect(status, stderr).toBe(0);
    const whole = await results('cut-SIGINT');
    expectWhole(whole);
    expect(whole).toMatchObject({ seed: 3, startedAt: cut.startedAt, resumedAt: [expect.any(String)] });
    expect(whole.durationMs).toBeGreaterThan(cut.durationMs);
    // Complete blocks were not measured again.
    const repeated = new Set(whole.noise?.[0]?.discarded.map(({ block }) => block));
    const kept = cut.cells[0]?.samples.filter(({ block }) => block < reached && !repeated.has(block)) ?? [];
    expect(whole.cells[0]?.samples).toEqual(expect.arrayContaining(kept));
    expect((await readdir(join(folder.path, 'cut-SIGINT'))).toSorted()).toEqual([
      'cells.csv',
      'index.html',
      'report.md',
      'results.json',
      'samples.csv',
      'samples.ndjson',
      'trace.json',
    ]);
  });

  it('twice ends at once, even in the middle of a task', async () => {
    const mark = randomUUID();
    const { child, ended, stderr } = start(['./loop.mjs', '-s', 'event-loop,child-processes', '-p', '1', ...PRESET], {
      MARK: mark,
    });
    await expect.poll(() => processesWith(mark).filter((line) => line.includes('host.cjs')).length, POLL).toBe(2);
    child.kill('SIGINT');
    await expect.poll(stderr, POLL).toContain('Press Ctrl-C again to stop at once');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    await expect.poll(() => processesWith(mark), { timeout: 2000 }).toEqual([]);
  });

  it('twice tells how to resume what was measured', async () => {
    await folder.file(
      'long.mjs',
      "export default { bound: 'io', task: () => new Promise((end) => setTimeout(end, 900)) };",
    );
    const { child, ended, stderr } = start(['./long.mjs', '-s', 'event-loop', '-n', '1', '--out', 'twice', ...PRESET]);
    await expect.poll(() => blocksOf('twice'), { ...POLL, timeout: 30_000 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    await expect.poll(stderr, POLL).toContain('Press Ctrl-C again to stop at once');
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(stderr()).toContain('The blocks measured so far are kept. To resume: lanewise run --resume twice');
    expect((await run(['--resume', 'nowhere'])).stderr).toContain('No unfinished run in nowhere');
  });
});

describe('a run that is killed', () => {
  it.runIf(process.platform === 'linux')(
    'leaves no process after 2 s, even in loops or outside their groups, and no temporary folder',
    async () => {
      const mark = randomUUID();
      await folder.file(
        'spawns.mjs',
        `import { spawn } from 'node:child_process';
         export default { bound: 'cpu', task: () => {
           spawn(process.execPath, ['-e', 'for (;;);'], { detached: true, stdio: 'ignore' });
           const until = performance.now() + 100;
           while (performance.now() < until);
           for (;;);
         } }`,
      );
      const strategies = 'event-loop,worker-threads,child-processes,process-per-task';
      const { child, ended } = start(['./spawns.mjs', '-s', strategies, '-p', '1', ...PRESET], { MARK: mark });
      const detached = (): number => processesWith(mark).filter((line) => line.includes('for (;;)')).length;
      await expect.poll(detached, POLL).toBeGreaterThan(1);
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      await expect.poll(() => processesWith(mark), { timeout: 2000 }).toEqual([]);
      expect((await readdir(folder.path)).filter((name) => /^lanewise-(?!report|lock)/.test(name))).toEqual([]);
    },
  );

  it('can be resumed, even if its last line is incomplete', async () => {
    const { child, ended } = start([...QUICK, ...PRESET, '--out', 'killed']);
    await expect.poll(() => blocksOf('killed'), POLL).toBeGreaterThan(1);
    child.kill('SIGKILL');
    await ended;
    expect(await readdir(join(folder.path, 'killed'))).not.toContain('results.json');
    await appendFile(join(folder.path, 'killed', 'samples.ndjson'), '{"cell":"work/seq');
    await cp(join(folder.path, 'killed'), join(folder.path, 'copy'), { recursive: true });
    const { status, stderr } = await run(['--resume', 'killed']);
    expect(status, stderr).toBe(0);
    expectWhole(await results('killed'));
    const lines = (await readFile(join(folder.path, 'killed', 'samples.ndjson'), 'utf8')).trim().split('\n');
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ cell: expect.stringMatching(/^work\//) });
  });

  it('can only be resumed with the same settings, machine and module', async () => {
    const journal = join(folder.path, 'copy', 'journal.json');
    const original = await readFile(journal, 'utf8');
    const edit = (change: (state: Record<string, Record<string, unknown>>) => void): Promise<void> => {
      const state = JSON.parse(original) as Record<string, Record<string, unknown>>;
      change(state);
      return writeFile(journal, JSON.stringify(state));
    };
    const refusal = async (...more: string[]): Promise<string> => {
      const { status, stdout, stderr } = await run(['--resume', 'copy', ...more]);
      expect(status).toBe(2);
      expect(stdout).toBe('');
      expect(stderr.trim().split('\n')).toHaveLength(1);
      return stderr;
    };
    expect(await refusal('--blocks', '12')).toContain('--blocks cannot be changed by --resume');
    expect(await refusal('primes')).toContain('primes cannot be changed by --resume');
    expect(await refusal('--out', 'elsewhere')).toContain('--out cannot be changed by --resume');
    await edit(({ environment }) => Object.assign(environment ?? {}, { cpuModel: 'Z80' }));
    expect(await refusal()).toMatch(/started on another machine \(CPU: "Z80", now /);
    await edit(({ plan }) => Object.assign(plan ?? {}, { digest: 'x' }));
    expect(await refusal()).toContain('it had other configurations, options or blocks');
    await writeFile(journal, original.slice(0, -5));
    expect(await refusal()).toContain('journal.json is missing, truncated or not as Lanewise wrote it');
    await writeFile(journal, original);
    expect((await run(['--resume', 'nowhere'])).stderr).toContain('No unfinished run in nowhere');
  });

  it('is moved aside when another run starts in its folder', async () => {
    const { status, stderr } = await run([...QUICK, ...PRESET, '--out', 'copy']);
    expect(status).toBe(0);
    expect(stderr).toContain('now in copy-unfinished. To resume it: lanewise run --resume copy-unfinished');
    expect((await readdir(join(folder.path, 'copy-unfinished'))).toSorted()).toEqual([
      'journal.json',
      'samples.ndjson',
    ]);
  });
});

describe('a run with a time limit', () => {
  it('ends in time, reports it, and keeps its results', async () => {
    // Long enough for a block, however busy this machine is.
    const limitMs = Math.ceil((1.5 * (await run(ALONE)).wallMs) / 1000) * 1000;
    const blocks = ['./work.mjs', '-s', 'event-loop', '-n', '2', '--blocks', '50', '--rounds', '100', ...PRESET];
    const limited = ['--time-limit', `${limitMs / 1000}s`, '--out', 'limited'];
    const { status, stderr, wallMs } = await run([...blocks, ...limited]);
    expect(status, stderr).toBe(130);
    expect(stderr).toMatch(/All blocks would take about .* more: the time limit of \d+(?:\.\d)? s comes first\./);
    expect(stderr).toMatch(/The time limit of \d+(?:\.\d)? s was reached/);
    expect(wallMs).toBeGreaterThan(limitMs);
    expect(await results('limited')).toMatchObject({ complete: false, options: { timeLimitMs: limitMs } });
  });

  it('ends in time before it has measured anything', async () => {
    await folder.file(
      'slow-import.mjs',
      'await new Promise((done) => setTimeout(done, 60_000)); export default () => 1;',
    );
    const { status, stderr, wallMs } = await run(['./slow-import.mjs', '-s', 'event-loop', '--time-limit', '1s']);
    expect(stderr).toMatch(
      /^lanewise: The time limit was reached before anything was measured\. Raise --time-limit, or measure less: .*\n$/,
    );
    expect(status).toBe(130);
    expect(wallMs).toBeLessThan(20_000);
  });

  it('leaves an earlier report as it was, and no empty folder, if it ends while it calibrates', async () => {
    await folder.file(
      'long-task.mjs',
      'export default { bound: "io", task: () => new Promise((done) => setTimeout(done, 4000, 1)) };',
    );
    await run([...ALONE, '--out', 'earlier']);
    const samples = (): Promise<string> => readFile(join(folder.path, 'earlier', 'samples.ndjson'), 'utf8');
    const before = await samples();
    expect(before).toContain('"wallMs":');
    const long = ['./long-task.mjs', '-s', 'event-loop', '-n', '2', '--blocks', '1', '--no-upper-bound'];
    for (const out of ['earlier', join('fresh', 'folder')]) {
      const { status, stderr } = await run([...long, '--time-limit', '2s', '--out', out]);
      expect(stderr).toContain('The time limit was reached before anything was measured.');
      expect(status).toBe(130);
    }
    expect(await samples()).toBe(before);
    expect(await readdir(folder.path)).not.toContain('fresh');
  });

  it('counts the time before measuring', async () => {
    await folder.file(
      'late-import.mjs',
      'await new Promise((done) => setTimeout(done, 2500)); export default { bound: "io", task: () => 1 };',
    );
    const args = [
      './late-import.mjs',
      '-s',
      'event-loop',
      '-n',
      '2',
      '--rounds',
      '500',
      '--blocks',
      '50',
      '--no-upper-bound',
    ];
    const { status, stderr, wallMs } = await run([...args, '--time-limit', '6s', '--out', 'late-import']);
    expect(status, stderr).toBe(130);
    // Each start of a host takes as long as the import; after the limit a batch has 5 s of grace.
    expect(wallMs).toBeLessThan(16_000);
  });
});
