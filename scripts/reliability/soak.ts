/**
 * Does it hold? Runs random workloads with faults and interruptions for a given time, and counts what was lost or left
 * behind.
 *
 *   npm run soak -- [--minutes 30] [--seed 1] [--docs]
 *
 * Every other run is one of the built command, interrupted or killed at a random moment and resumed until it is
 * complete; the rest are in this process, to watch its handles and memory. `--docs` writes the table to
 * docs/reliability.md. The exit status is 1 if anything was lost or left behind.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { writeDocs } from '../docs/write-docs.ts';
import { processesWith } from './processes.ts';
import { runCommand } from './soak-command.ts';
import { runHere } from './soak-here.ts';
import type { Soak } from './soak-run.ts';
import { tabulateSoak, type SoakCounts } from './tabulate-soak.ts';

/** Time within which processes end after their orchestrator was killed, as documented. */
const CLEARED_WITHIN_MS = 2000;

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly onRun?: (what: string, counts: SoakCounts) => void;
}

export async function soak({ minutes, seed, onRun }: SoakOptions): Promise<SoakCounts> {
  const generator = xoroshiro128plus(seed);
  const counts: SoakCounts = {
    runs: 0,
    interruptions: 0,
    resumes: 0,
    faults: 0,
    samples: 0,
    samplesLost: 0,
    processesLeft: 0,
    foldersLeft: 0,
    surprises: [],
    handles: [],
    heapMiB: [],
  };
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const soaking: Soak = { folder, random: (below) => uniformInt(generator, 0, below - 1), counts };
  const before = { ...process.env };
  const mark = randomUUID();
  const own = { TMPDIR: folder, TMP: folder, TEMP: folder, LANEWISE_SOAK: mark };
  Object.assign(process.env, own);
  const until = Date.now() + minutes * 60_000;
  try {
    for (let index = 0; Date.now() < until; index++) {
      const what = index % 2 === 0 ? await runCommand(index, soaking) : await runHere(soaking);
      await countLeft(mark, what, soaking);
      onRun?.(what, counts);
    }
    return counts;
  } finally {
    for (const name of Object.keys(own)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function countLeft(mark: string, what: string, { folder, counts }: Soak): Promise<void> {
  const until = Date.now() + CLEARED_WITHIN_MS;
  // The guard of this process stays for a moment, in case it is needed again.
  const left = (): readonly string[] => processesWith(mark).filter((line) => !line.includes('guard.js'));
  while (left().length > 0 && Date.now() < until) await wait(50);
  for (const line of left()) {
    counts.processesLeft += 1;
    counts.surprises.push(`${what}: still there: ${line}`);
    process.kill(Number.parseInt(line, 10), 'SIGKILL');
  }
  for (const name of readdirSync(folder).filter((entry) => /^lanewise-(?!lock-)/.test(entry))) {
    counts.foldersLeft += 1;
    counts.surprises.push(`${what}: still there: ${name}`);
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      seed: { type: 'string', default: '1' },
      docs: { type: 'boolean', default: false },
    },
  });
  const head = { minutes: Number(values.minutes), seed: Number(values.seed) };
  const counts = await soak({
    ...head,
    onRun: (what, { runs, surprises }) => {
      process.stderr.write(`${runs} runs, ${surprises.length} surprises; ${what}\n`);
    },
  });
  for (const surprise of counts.surprises) process.stderr.write(`! ${surprise}\n`);
  const table = tabulateSoak(counts, head);
  process.stdout.write(`${table}\n`);
  if (values.docs) writeDocs('reliability.md', 'soak', table);
  if (counts.surprises.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
