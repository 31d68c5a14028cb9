/**
 * Does it hold? Runs random workloads with faults and interruptions for a given time, and counts what was lost or left
 * behind.
 *
 *   npm run soak -- [--queue] [--minutes 30] [--seed 1] [--docs]
 *
 * Every other run is one of the built command, interrupted or killed at a random moment and resumed until it is
 * complete; the rest are in this process, to watch its handles and memory. With `--queue`, one of the two strategies of
 * a run is bullmq, on a Redis of its own or on one that outlives the runs. `--docs` writes the table to
 * docs/reliability.md. The exit status is 1 if anything was lost or left behind.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { writeDocs } from '../docs/write-docs.ts';
import { processesIn, processesWith } from './processes.ts';
import { runCommand } from './soak-command.ts';
import { runHere } from './soak-here.ts';
import { openSoakQueue, type SoakQueue } from './soak-queue.ts';
import type { Soak } from './soak-run.ts';
import { tabulateSoak, type SoakCounts } from './tabulate-soak.ts';
import { scriptOptions } from '../script-options.ts';

/** Time within which processes end after their orchestrator was killed, as documented. */
const CLEARED_WITHIN_MS = 2000;
/** One more process, which loads BullMQ, removes queues from a server of a user: on a busy machine, in half a minute. */
const QUEUE_CLEARED_WITHIN_MS = 90_000;

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Whether every run has a queue. */
  readonly hasQueue?: boolean;
  readonly onRun?: (what: string, counts: SoakCounts) => void;
}

export async function soak({ minutes, seed, hasQueue = false, onRun }: SoakOptions): Promise<SoakCounts> {
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
  const queue = hasQueue ? await openSoakQueue() : undefined;
  if (queue !== undefined) counts.onServer = { keys: 0, connections: 0 };
  const folder = mkdtempSync(join(tmpdir(), 'soak-'));
  const soaking: Soak = { folder, random: (below) => uniformInt(generator, 0, below - 1), hasQueue, counts };
  const before = { ...process.env };
  const mark = randomUUID();
  const own = { TMPDIR: folder, TMP: folder, TEMP: folder, LANEWISE_SOAK: mark, LANEWISE_QUEUE_URL: '' };
  Object.assign(process.env, own);
  const until = Date.now() + minutes * 60_000;
  try {
    for (let index = 0; Date.now() < until; index++) {
      // An empty address is none.
      process.env.LANEWISE_QUEUE_URL = queue !== undefined && soaking.random(2) === 0 ? queue.url : '';
      const what = index % 2 === 0 ? await runCommand(index, soaking) : await runHere(soaking);
      await countLeft(mark, what, soaking);
      if (queue !== undefined) await countOnServer(queue, what, counts);
      onRun?.(what, counts);
    }
    return counts;
  } finally {
    for (const name of Object.keys(own)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(folder, { recursive: true, force: true });
    await queue?.close();
  }
}

async function countLeft(mark: string, what: string, { folder, hasQueue, counts }: Soak): Promise<void> {
  const until = Date.now() + (hasQueue ? QUEUE_CLEARED_WITHIN_MS : CLEARED_WITHIN_MS);
  // The guard of this process stays for a moment, in case it is needed again.
  // The server of a queue does not inherit the mark, but is in the folder.
  const left = (): readonly string[] =>
    [...processesWith(mark), ...processesIn(folder)].filter((line) => !line.includes('guard.js'));
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

/** The guard of a killed run may take a moment to remove its queues. */
async function countOnServer(queue: SoakQueue, what: string, counts: SoakCounts): Promise<void> {
  const until = Date.now() + QUEUE_CLEARED_WITHIN_MS;
  let left = await queue.left();
  while (left.keys + left.connections > 0 && Date.now() < until) {
    await wait(50);
    left = await queue.left();
  }
  if (left.keys + left.connections === 0) return;
  counts.surprises.push(`${what}: on the server: ${left.keys} keys, ${left.connections} connections`);
  const { keys = 0, connections = 0 } = counts.onServer ?? {};
  counts.onServer = { keys: keys + left.keys, connections: connections + left.connections };
}

async function main(): Promise<void> {
  const values = scriptOptions({ minutes: 30, seed: 1, docs: false, queue: false });
  const head = { minutes: values.minutes, seed: values.seed, hasQueue: values.queue };
  const counts = await soak({
    ...head,
    onRun: (what, { runs, surprises }) => {
      process.stderr.write(`${runs} runs, ${surprises.length} surprises; ${what}\n`);
    },
  });
  for (const surprise of counts.surprises) process.stderr.write(`! ${surprise}\n`);
  const table = tabulateSoak(counts, head);
  process.stdout.write(`${table}\n`);
  if (values.docs) writeDocs('reliability.md', values.queue ? 'soak-queue' : 'soak', table);
  if (counts.surprises.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
