/** Runs that end early: interrupted, killed, out of time; or that meet a failing disk. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { beforeAll, expect } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { resultsSchema } from '../../dist/src/model/results-schema.js';
import { lanewise, startLanewise, type Outcome } from './lanewise.js';
import { useTempFolder, type TempFolder } from './temp-folder.js';

const schema = Compile(resultsSchema);

/** Two configurations that start quickly, with the least evidence that can decide between them. */
export const QUICK = ['./work.mjs', '-s', 'sequential,event-loop', '-n', '2', '--blocks', '6', '--rounds', '2'];
export const ALL_FORMATS = ['--preset', 'quick', '--no-upper-bound'];
/** A page takes longer than what is measured here. */
export const PRESET = [...ALL_FORMATS, '--format', 'json'];
/** A single configuration needs no evidence. */
export const SINGLE = ['./work.mjs', '-s', 'event-loop', '-n', '2', '--blocks', '2', '--rounds', '2'];
export const ALONE = [...SINGLE, ...PRESET];
export const POLL = { timeout: 30_000, interval: 20 };

interface Started {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The exit status, or the signal that ended it. */
  readonly ended: Promise<number | string | null>;
}

interface CutOff {
  readonly folder: TempFolder;
  readonly run: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Outcome>;
  readonly start: (args: readonly string[], env?: Readonly<Record<string, string>>) => Started;
  /** Those in a report folder, which are valid. */
  readonly results: (out: string) => Promise<Results>;
  /** Size of a file; 0 if it is not there. */
  readonly sizeOf: (...path: readonly string[]) => Promise<number>;
  /** Number of complete blocks in the journal. */
  readonly blocksOf: (out: string) => Promise<number>;
  /** Starts a run, and interrupts it after a block. @returns its results, in the folder `cut-SIGNAL` */
  readonly interrupt: (signal: NodeJS.Signals) => Promise<Results>;
}

/** The command in a temporary folder, with the modules work.mjs and loop.mjs. */
export function useCutOff(): CutOff {
  const folder = useTempFolder();
  beforeAll(async () => {
    await folder.file(
      'work.mjs',
      'export default { bound: "io", task: () => new Promise((resolve) => setTimeout(resolve, 10, 1)) }',
    );
    await folder.file('loop.mjs', 'export default { bound: "cpu", task: () => { for (;;); } }');
  });

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Started {
    const child = startLanewise(['run', ...args], { cwd: folder.path, env });
    let [stdout, stderr] = ['', ''];
    child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
    child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
    const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string | null);
    return { child, stdout: () => stdout, stderr: () => stderr, ended };
  }

  async function results(out: string): Promise<Results> {
    const found: unknown = JSON.parse(await readFile(join(folder.path, out, 'results.json'), 'utf8'));
    expect(schema.Errors(found)).toEqual([]);
    return found as Results;
  }

  async function blocksOf(out: string): Promise<number> {
    const text = await readFile(join(folder.path, out, 'journal.json'), 'utf8').catch(() => '{"groups":[]}');
    return (JSON.parse(text) as { groups: { blocks: number }[] }).groups[0]?.blocks ?? 0;
  }

  return {
    folder,
    run: (args, env = {}) => lanewise(['run', ...args], { cwd: folder.path, env }),
    start,
    results,
    sizeOf: async (...path) => (await stat(join(folder.path, ...path)).catch(() => ({ size: 0 }))).size,
    blocksOf,
    interrupt: async (signal) => {
      const out = `cut-${signal}`;
      const { child, ended, stdout, stderr } = start([...QUICK, ...ALL_FORMATS, '--out', out, '--seed', '3']);
      await expect.poll(() => blocksOf(out), POLL).toBeGreaterThan(0);
      child.kill(signal);
      expect(await ended).toBe(130);
      expect(stdout()).toContain('Interrupted: these are the results so far');
      expect(stderr()).toContain(`partial results are saved. To measure the rest: lanewise run --resume ${out}`);
      const cut = await results(out);
      expect(cut.complete).toBe(false);
      expect(cut.cells[0]?.samples.length).toBeGreaterThan(0);
      return cut;
    },
  };
}
