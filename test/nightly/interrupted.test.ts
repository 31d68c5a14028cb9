/** More runs that end early, runs beside another one, and runs on a disk that fails. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ALL_FORMATS, ALONE, POLL, PRESET, SINGLE, useCutOff } from '../support/cut-off.js';
import { lanewise } from '../support/lanewise.js';

const { folder, run, start, results, sizeOf, blocksOf, interrupt } = useCutOff();

describe('a run that is interrupted', () => {
  it('by SIGHUP keeps its results, and ends with 130', async () => {
    expect(await interrupt('SIGHUP')).toMatchObject({ complete: false });
  });

  it('twice ends at once while the report is written, and can be resumed', async () => {
    const slowly = `
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { writeFileSync } = fs;
      fs.writeFileSync = (file, ...rest) => {
        writeFileSync(file, ...rest);
        if (/html|md|results/.test(file)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
      };
      syncBuiltinESMExports();`;
    const { child, ended } = start([...SINGLE, ...ALL_FORMATS, '--out', 'slowly'], {
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(slowly)}`,
    });
    await expect.poll(() => existsSync(join(folder.path, 'slowly', 'index.html')), POLL).toBe(true);
    child.kill('SIGINT');
    await sleep(200);
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect((await readdir(join(folder.path, 'slowly'))).filter((name) => /journal|trace/.test(name))).toEqual([
      'journal.json',
    ]);
  });
});

describe('a run that is killed', () => {
  it('is compared with its baseline after it is resumed', async () => {
    await folder.file(
      'slow.mjs',
      'export default { bound: "io", task: () => new Promise((resolve) => setTimeout(resolve, 30, 1)) }',
    );
    const versus = [
      './work.mjs',
      './slow.mjs',
      '--versus',
      '-s',
      'sequential',
      '-n',
      '2',
      '--blocks',
      '6',
      '--rounds',
      '1',
    ];
    const { child, ended } = start([...versus, ...PRESET, '--out', 'versus']);
    await expect.poll(() => blocksOf('versus'), POLL).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await ended;
    const { status, stdout } = await run(['--resume', 'versus']);
    // The newer one takes three times as long.
    expect(status, stdout).toBe(4);
    expect((await results('versus')).comparisons).toMatchObject([{ verdict: 'slower' }]);
  });
});

describe('a run beside another run', () => {
  it('is refused, waits, or continues with a warning', async () => {
    const first = start([...ALONE, '--blocks', '50', '--rounds', '500', '--out', 'first']);
    await expect.poll(() => sizeOf('first', 'samples.ndjson'), POLL).toBeGreaterThan(0);

    const refused = await run([...ALONE, '--out', 'refused']);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toMatch(
      /^lanewise: Another Lanewise is measuring on this machine \(process \d+, since .*\), .* Give --wait, or --no-lock/,
    );
    expect(existsSync(join(folder.path, 'refused'))).toBe(false);
    expect((await lanewise(['doctor'], { cwd: folder.path })).stderr).toContain('Another Lanewise is measuring');
    expect((await run([...ALONE, '--wait', '--no-lock'])).stderr).toContain('Give either --wait or --no-lock');

    const sameFolder = await run([...ALONE, '--no-lock', '--out', 'first']);
    expect(sameFolder.status).toBe(2);
    expect(sameFolder.stderr).toContain('Another Lanewise is writing to first (process ');

    const shared = await run([...ALONE, '--no-lock', '--out', 'shared']);
    expect(shared.status).toBe(0);
    expect(shared.stdout.replaceAll(/\s+/g, ' ')).toContain('Another Lanewise was measuring at the same time');

    const waiting = start([...ALONE, '--wait', '--out', 'waited']);
    await expect.poll(waiting.stderr, POLL).toContain(`Waiting for the Lanewise of process ${first.child.pid} to end`);
    first.child.kill('SIGKILL');
    expect(await waiting.ended).toBe(0);
    expect((await results('waited')).warnings.map(({ kind }) => kind)).not.toContain('shared-machine');
    await first.ended;
  });
});

describe('a disk that fails', () => {
  it('is reported in one sentence if it is the temporary one', async () => {
    const { status, stderr } = await run([...ALONE, '--out', 'no-tmp'], {
      TMPDIR: '/nowhere',
      TEMP: '/nowhere',
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^lanewise: The temporary folder of this system cannot be written to: set TMPDIR .*\n$/);
  });

  /** Makes all writes of something that contains `text` fail, as on a full disk. */
  const fullFor = (text: string) => ({
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(`
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      for (const name of ['writeSync', 'writeFileSync']) {
        const write = fs[name];
        fs[name] = (file, data, ...rest) => {
          if (String(data).includes(${JSON.stringify(text)})) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
          return write(file, data, ...rest);
        };
      }
      syncBuiltinESMExports();`)}`,
  });

  it('costs the journal, not the run', async () => {
    const { status, stderr } = await run([...ALONE, '--out', 'full'], fullFor('{"cell":'));
    expect(status).toBe(0);
    expect(stderr).toContain(
      'The journal in full can no longer be written (the disk is full). The run continues, and cannot be resumed.',
    );
    expect((await results('full')).complete).toBe(true);
  });

  it('leaves the report on the screen, and earlier results on the disk', async () => {
    // Earlier results, of another run.
    const BEFORE = '{ "schema": "lanewise/results@1" }';
    await mkdir(join(folder.path, 'late'));
    await writeFile(join(folder.path, 'late', 'results.json'), BEFORE);
    const isFull = fullFor('"schema": "lanewise/results@');
    const { status, stdout, stderr } = await run([...ALONE, '--out', 'late'], isFull);
    expect(status).toBe(2);
    expect(stdout).toMatch(/^work \(I\/O-bound\): only the event loop was measured/);
    expect(stderr).toContain('Cannot write to late/results.json (the disk is full)');
    expect(await readFile(join(folder.path, 'late', 'results.json'), 'utf8')).toBe(BEFORE);
    expect((await readdir(join(folder.path, 'late'))).filter((name) => /part|lock/.test(name))).toEqual([]);
    // Nothing is lost: with room on the disk, resuming the run writes it. The environment must be the same.
    const { status: resumed, stderr: why } = await run(['--resume', 'late'], fullFor('nothing like it'));
    expect(resumed, why).toBe(0);
    expect((await results('late')).complete).toBe(true);
  });

  it('does not matter if it is a report folder that was deleted during the run', async () => {
    const running = start([...ALONE, '--rounds', '40', '--out', 'gone/deep']);
    await expect.poll(() => sizeOf('gone', 'deep', 'samples.ndjson'), POLL).toBeGreaterThan(0);
    await rm(join(folder.path, 'gone'), { recursive: true });
    expect(await running.ended).toBe(0);
    expect((await results('gone/deep')).complete).toBe(true);
  });
});
