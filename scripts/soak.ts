/**
 * Does it hold? Random workloads, faults and interruptions, one after the other, for as long as it is told; what was lost or
 * left behind is counted.
 *
 *   npm run soak -- [--minutes 30] [--seed 1] [--docs]
 *
 * Every other run is one of the built command, interrupted or killed at a random moment and gone on with until it is whole;
 * the rest are in this process, so that its own handles and memory can be watched. `--docs` writes the table to
 * docs/reliability.md. The exit status is 1 if anything was lost or left.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Compile } from 'typebox/compile';
import type { Results } from '../src/model/results.ts';
import { STRATEGY_NAMES } from '../src/model/strategies.ts';
import { resultsSchema } from '../src/model/results-schema.ts';
import { run } from '../src/flow/run.ts';
import { FAULTS, type FaultName } from './faults/faults.ts';
import { FAULTS_FILE } from './faults/fault-table.ts';
import { processesWith } from './processes.ts';
import { tabulateSoak, type SoakCounts } from './soak/tabulate.ts';
import { writeDocs } from './write-docs.ts';

const COMMAND_FILE = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const SIGNALS = ['none', 'SIGINT', 'SIGINT twice', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
/** Long enough to come at any moment of a run, from its start to its report. */
const LATEST_SIGNAL_MS = 6000;
/** What the project promises for processes whose orchestrator was killed. */
const CLEARED_WITHIN_MS = 2000;
const MOST_RESUMES = 5;
/** A run that takes longer hangs. */
const LONGEST_RUN_MS = 120_000;

export interface SoakOptions {
  readonly minutes: number;
  readonly seed: number;
  readonly onRun?: (what: string, counts: SoakCounts) => void;
}

type Random = (below: number) => number;

const validator = Compile(resultsSchema);

export async function soak({ minutes, seed, onRun }: SoakOptions): Promise<SoakCounts> {
  const generator = xoroshiro128plus(seed);
  const random: Random = (below) => uniformInt(generator, 0, below - 1);
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
  const before = { ...process.env };
  const mark = `LANEWISE_SOAK=${randomUUID()}`;
  Object.assign(process.env, { TMPDIR: folder, TMP: folder, TEMP: folder, LANEWISE_SOAK: mark.split('=')[1] });
  const until = Date.now() + minutes * 60_000;
  try {
    for (let index = 0; Date.now() < until; index++) {
      const what = index % 2 === 0 ? await commandRun(folder, index, random, counts) : await ownRun(random, counts);
      await countLeft(folder, mark, what, counts);
      onRun?.(what, counts);
    }
    return counts;
  } finally {
    for (const name of ['TMPDIR', 'TMP', 'TEMP', 'LANEWISE_SOAK']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[random(items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

/** One run in three misbehaves in no way: it must end well. */
function pickFault(random: Random, names: readonly FaultName[]): FaultName | 'none' {
  return random(3) === 0 ? 'none' : pick(names, random);
}

/** Two ways, which may be the same one. */
function pickWays(random: Random): readonly string[] {
  return [pick(STRATEGY_NAMES, random), pick(STRATEGY_NAMES, random)];
}

const ALL_FAULTS = Object.keys(FAULTS) as FaultName[];
/** The heap of this process is not to be made small. */
const OWN_FAULTS = ALL_FAULTS.filter((fault) => fault !== 'exhausts the heap');

async function ownRun(random: Random, counts: SoakCounts): Promise<string> {
  const fault = pickFault(random, OWN_FAULTS);
  const ways = pickWays(random);
  const what = `own ${fault} ${ways.join()}`;
  const interruption = new AbortController();
  const isInterrupted = random(4) === 0;
  const timer = isInterrupted ? setTimeout(() => interruption.abort(), random(LATEST_SIGNAL_MS)) : undefined;
  try {
    const results = await run(
      {
        workloads: [FAULTS_FILE],
        strategy: ways,
        poolSize: ['2'],
        param: [`fault=${fault}`, 'mib=16'],
        tasks: '2',
        blocks: '6',
        preset: 'quick',
        timeout: '2s',
        ceilingLanes: [],
        seed: '1',
      },
      () => ({ signal: interruption.signal, measured: nothing, blockDone: nothing, groupDone: nothing }),
    );
    count(what, results, fault, counts);
    if (!results.complete) counts.interruptions += 1;
    if (!results.complete && !isInterrupted) counts.surprises.push(`${what}: not complete`);
  } catch (thrown) {
    counts.surprises.push(`${what}: ${String(thrown)}`);
  } finally {
    clearTimeout(timer);
  }
  collectGarbage();
  counts.handles.push(process.getActiveResourcesInfo().length);
  counts.heapMiB.push(process.memoryUsage().heapUsed / 2 ** 20);
  return what;
}

const nothing = (): void => undefined;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function commandRun(folder: string, index: number, random: Random, counts: SoakCounts): Promise<string> {
  const fault = pickFault(random, ALL_FAULTS);
  const ways = pickWays(random);
  const out = join(folder, `run ${index}`);
  const what = `command ${fault} ${ways.join()}`;
  const measuring = [
    'run',
    FAULTS_FILE,
    '-s',
    ways.join(),
    '-p',
    '2',
    '-n',
    '2',
    '--blocks',
    '6',
    '--preset',
    'quick',
    '--no-ceiling',
    '--param',
    `fault=${fault}`,
    '--param',
    'mib=16',
    '--timeout',
    '2s',
    '--out',
    out,
    '--quiet',
    '--seed',
    '1',
  ];
  const env = fault === 'exhausts the heap' ? { NODE_OPTIONS: '--max-old-space-size=64' } : {};
  let args = measuring;
  let told = '';
  for (let attempt = 0; attempt <= MOST_RESUMES; attempt++) {
    // The last attempt is left alone, so that it comes to its end.
    const signal = attempt === MOST_RESUMES ? 'none' : pick(SIGNALS, random);
    told = `${what} ${signal} in ${out}`;
    // What an earlier attempt has written is no result of this one.
    rmSync(join(out, 'results.json'), { force: true });
    const { status, stderr } = await command(args, env, signal, random(LATEST_SIGNAL_MS), counts);
    if (/something went wrong/.test(stderr)) counts.surprises.push(`${told}: ${stderr}`);
    if (signal === 'none' && status !== 0 && status !== 1)
      counts.surprises.push(`${told}: status ${status}: ${stderr}`);
    const isUnfinished = existsSync(join(out, 'journal.json'));
    const results = readResults(out);
    // A second signal and SIGKILL leave no time to write results; the samples stay, and are looked for when the run is whole.
    if (results !== undefined && (results.complete || status === 130))
      counts.samplesLost += lost(out, results, results.complete, told, counts);
    if (results?.complete === true && !isUnfinished) {
      count(told, results, fault, counts);
      break;
    }
    // Cut off before there was anything to keep, it is begun anew.
    args = isUnfinished ? ['run', '--resume', out, '--quiet'] : measuring;
    if (isUnfinished) counts.resumes += 1;
    if (attempt === MOST_RESUMES) counts.surprises.push(`${told}: never came to its end`);
  }
  rmSync(out, { recursive: true, force: true });
  rmSync(`${out}-unfinished`, { recursive: true, force: true });
  return told;
}

interface Ended {
  readonly status: number | null;
  readonly stderr: string;
}

async function command(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: (typeof SIGNALS)[number],
  afterMs: number,
  counts: SoakCounts,
): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND_FILE, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = once(child, 'close') as Promise<[number | null]>;
  const hanging = setTimeout(() => child.kill('SIGKILL'), LONGEST_RUN_MS);
  const timer = setTimeout(() => {
    if (signal === 'none') return;
    const [name] = signal.split(' ') as [NodeJS.Signals];
    if (!child.kill(name)) return;
    counts.interruptions += 1;
    if (signal === 'SIGINT twice') setTimeout(() => child.kill(name), 100);
  }, afterMs);
  const [status] = await ended;
  clearTimeout(hanging);
  clearTimeout(timer);
  return { status, stderr };
}

function readResults(out: string): Results | undefined {
  try {
    return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results;
  } catch {
    return undefined;
  }
}

/** How many turns are in the file of samples and not in the results. */
function lost(out: string, results: Results, isWhole: boolean, what: string, counts: SoakCounts): number {
  const kept = new Set(results.cells.flatMap(({ id, samples }) => samples.map((sample) => turnOf(id, sample))));
  const lines = readFileSync(join(out, 'samples.ndjson'), 'utf8').split('\n').slice(0, -1);
  const missing = lines.filter((line) => {
    const { cell, ...sample } = JSON.parse(line) as { cell: string; block: number; round: number };
    return !kept.has(turnOf(cell, sample));
  });
  if (missing.length > 0)
    counts.surprises.push(`${what}: ${missing.length} samples are not in the ${isWhole ? 'whole' : 'cut'} results`);
  return missing.length;
}

function turnOf(cell: string, { block, round }: { readonly block: number; readonly round: number }): string {
  return `${cell} ${block} ${round}`;
}

/** Counts a run that came to its end, and looks at its results. */
function count(what: string, results: Results, fault: FaultName | 'none', counts: SoakCounts): void {
  counts.runs += 1;
  counts.samples += results.cells.reduce((sum, { samples }) => sum + samples.length, 0);
  const failed = results.cells.filter((cell) => cell.status === 'failed');
  counts.faults += failed.length;
  const [error] = validator.Errors(results);
  if (error !== undefined) counts.surprises.push(`${what}: ${error.instancePath} ${error.message}`);
  const [broken] = failed;
  if (fault === 'none' && broken !== undefined) counts.surprises.push(`${what}: ${broken.error.message}`);
  const ok = results.cells.filter(({ status }) => status === 'ok');
  if (results.complete && ok.some(({ samples }) => samples.length !== 6))
    counts.surprises.push(`${what}: a cell has not all of its samples`);
}

async function countLeft(folder: string, mark: string, what: string, counts: SoakCounts): Promise<void> {
  const until = Date.now() + CLEARED_WITHIN_MS;
  // The guard of this process stays a moment, as it may be needed again.
  const left = (): readonly string[] => processesWith(mark).filter((line) => !line.includes('guard.js'));
  while (left().length > 0 && Date.now() < until) await wait(50);
  for (const line of left()) {
    counts.processesLeft += 1;
    counts.surprises.push(`${what}: still there: ${line}`);
    process.kill(Number.parseInt(line, 10), 'SIGKILL');
  }
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('lanewise-'))) {
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
