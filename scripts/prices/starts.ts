/**
 * Measures what the start of a host, a child process and a thread costs beside that of an empty module.
 *
 *   npm run bench:starts -- [--rounds 40] [--json]
 *
 * A round starts each once, in random order, and waits for its end: a process whose parent hangs up at once, a thread
 * that has loaded a no-op workload. Ratios are compared round by round with the bare start of the same kind.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { forkChild } from '../../src/system/forked-child.ts';
import { pseudoMedian, signedRankInterval, type Interval } from '../../src/stats/exact-tests.ts';
import { median } from '../../src/stats/quantile.ts';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import { CODE_VARIABLE } from '../../workers/frames.ts';
import { BUSY_STRIDE, stampsLength, type ThreadAssignment } from '../../workers/thread-protocol.ts';
import { scriptOptions } from '../script-options.ts';

export interface StartRow {
  readonly name: string;
  readonly milliseconds: number;
  /** Ratio to the bare start of the same kind; undefined for that one. */
  readonly timesBare?: { readonly estimate: number; readonly interval: Interval | undefined };
}

interface Start {
  readonly name: string;
  /** Starts it and waits for its end. */
  readonly run: () => Promise<unknown>;
}

const LEVEL = 0.05;
/** The first start of each reads its files from the disk. */
const WARM_UP_ROUNDS = 2;

/** Starts of processes and of threads, each with a bare one first. */
export async function compareStarts(rounds: number): Promise<readonly (readonly StartRow[])[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-starts-'));
  try {
    const empty = join(folder, 'empty.mjs');
    writeFileSync(empty, '');
    return [await compareGroup(processes(empty, folder), rounds), await compareGroup(threads(empty), rounds)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function processes(empty: string, codeFolder: string): readonly Start[] {
  return [
    { name: 'fork of an empty module', run: () => once(fork(empty, { stdio: 'ignore' }), 'exit') },
    ...['host.cjs', 'child.cjs', 'pool-child.cjs'].map((file) => ({
      name: file,
      run: () => startAndHangUp(file, codeFolder),
    })),
  ];
}

/** As in a run, whose processes share compiled code. */
function startAndHangUp(file: string, codeFolder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = forkChild({
      file,
      env: { ...process.env, [CODE_VARIABLE]: codeFolder },
      onMessage: () => undefined,
      onStderr: () => undefined,
      onError: reject,
      onExit: (code) => (code === 0 ? resolve() : reject(new Error(`${file} ended with exit code ${code}`))),
    });
    void child.end();
  });
}

function threads(empty: string): readonly Start[] {
  const workload = { url: new URL('../../bench/overhead/noop.js', import.meta.url).href };
  const open = (): ThreadAssignment => ({
    workload,
    params: {},
    services: {},
    cell: 'noop',
    concurrency: 1,
    channel: 'lanewise-starts',
    nextIndex: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    busy: new Int32Array(new SharedArrayBuffer(BUSY_STRIDE * Int32Array.BYTES_PER_ELEMENT)),
    stamps: new Float64Array(new SharedArrayBuffer(stampsLength(1) * Float64Array.BYTES_PER_ELEMENT)),
  });
  return [
    { name: 'new Worker of an empty module', run: () => once(new Worker(empty), 'exit') },
    {
      name: 'thread.js',
      run: () => once(new Worker(new URL('../../workers/thread.js', import.meta.url), { workerData: open() }), 'exit'),
    },
  ];
}

async function compareGroup(starts: readonly Start[], rounds: number): Promise<readonly StartRow[]> {
  const times = starts.map((): number[] => []);
  for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
    for (const index of shuffled([...starts.keys()])) {
      const startedNs = nowNs();
      await starts[index]?.run();
      if (round >= 0) times[index]?.push((nowNs() - startedNs) / NS_PER_MS);
    }
  }
  const [bare = []] = times;
  return starts.map(({ name }, index) => {
    const own = times[index] ?? [];
    const logRatios = own.map((time, round) => Math.log(time / (bare[round] ?? Number.NaN)));
    const interval = signedRankInterval(logRatios, LEVEL);
    const timesBare = {
      estimate: Math.exp(pseudoMedian(logRatios)),
      interval: interval && { lo: Math.exp(interval.lo), hi: Math.exp(interval.hi) },
    };
    return { name, milliseconds: median(own), ...(index > 0 && { timesBare }) };
  });
}

const generator = xoroshiro128plus(1);

function shuffled<Item>(items: readonly Item[]): Item[] {
  const left = [...items];
  return items.flatMap(() => left.splice(uniformInt(generator, 0, left.length - 1), 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = scriptOptions({ rounds: 40, json: false });
  const groups = await compareStarts(values.rounds);
  console.log(values.json ? JSON.stringify(groups, undefined, 2) : render(groups, values.rounds));
}

function render(groups: readonly (readonly StartRow[])[], rounds: number): string {
  const rows = groups.flat().map(({ name, milliseconds, timesBare }) => {
    const interval = timesBare?.interval;
    const range = interval === undefined ? '' : ` (95% CI ${interval.lo.toFixed(2)}–${interval.hi.toFixed(2)})`;
    const ratio = timesBare === undefined ? '' : `  ${timesBare.estimate.toFixed(2)}× the bare start${range}`;
    return `  ${name.padEnd(30)}${milliseconds.toFixed(1).padStart(6)} ms${ratio}`;
  });
  return [`from start to end, ${rounds} rounds`, ...rows].join('\n');
}
