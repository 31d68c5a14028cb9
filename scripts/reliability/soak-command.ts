import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../src/model/results.ts';
import { MAIN } from '../lanewise.ts';
import { FAULTS_FILE } from './fault-table.ts';
import { FAULTS, type FaultName } from './faults.ts';
import { BLOCKS, countRun, LATEST_SIGNAL_MS, pick, pickFault, pickStrategies, type Soak } from './soak-run.ts';
import type { SoakCounts } from './tabulate-soak.ts';

const SIGNALS = ['none', 'SIGINT', 'SIGINT twice', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const;
const MOST_RESUMES = 5;
/** Time after which a run is considered hanging. */
const LONGEST_RUN_MS = 300_000;

/**
 * Runs the built command, interrupts or kills it at random moments, and resumes it until it is complete.
 *
 * @param index of the run, for its folder
 * @returns a description of the run
 */
export async function runCommand(index: number, soaking: Soak): Promise<string> {
  const { folder, random, counts } = soaking;
  const fault = pickFault(random, Object.keys(FAULTS) as FaultName[]);
  const strategies = pickStrategies(soaking);
  const out = join(folder, `run ${index}`);
  const what = `command ${fault} ${strategies.join()}`;
  const work = [
    FAULTS_FILE,
    '-s',
    strategies.join(),
    '-p',
    '2',
    '-n',
    '2',
    '--param',
    `fault=${fault}`,
    '--param',
    'mib=16',
  ];
  const how = `--blocks ${BLOCKS} --rounds 1 --preset quick --no-upper-bound --timeout 2s --quiet --seed 1`.split(' ');
  const measuring = ['run', ...work, ...how, '--out', out];
  const env = fault === 'exhausts the heap' ? { NODE_OPTIONS: '--max-old-space-size=64' } : {};
  let args = measuring;
  let attempted = '';
  for (let attempt = 0; attempt <= MOST_RESUMES; attempt++) {
    // The last attempt is not interrupted, so that it completes.
    const signal = attempt === MOST_RESUMES ? 'none' : pick(SIGNALS, random);
    attempted = `${what} ${signal} in ${out}`;
    // Results of an earlier attempt are not those of this one.
    rmSync(join(out, 'results.json'), { force: true });
    const { status, stderr } = await command(args, env, signal, random(LATEST_SIGNAL_MS), counts);
    if (/something went wrong/.test(stderr)) counts.surprises.push(`${attempted}: ${stderr}`);
    if (signal === 'none' && status !== 0 && status !== 1)
      counts.surprises.push(`${attempted}: status ${status}: ${stderr}`);
    const isUnfinished = existsSync(join(out, 'journal.json'));
    const results = readResults(out);
    // A second signal and SIGKILL leave no time to write results; the samples are checked once the run is complete.
    if (results !== undefined && (results.complete || status === 130))
      counts.samplesLost += lost(out, results, results.complete, attempted, counts);
    if (results?.complete === true && !isUnfinished) {
      countRun(attempted, results, fault, counts);
      break;
    }
    // Interrupted before there was anything to keep: starts again.
    args = isUnfinished ? ['run', '--resume', out, '--quiet'] : measuring;
    if (isUnfinished) counts.resumes += 1;
    if (attempt === MOST_RESUMES) counts.surprises.push(`${attempted}: never completed`);
  }
  rmSync(out, { recursive: true, force: true });
  rmSync(`${out}-unfinished`, { recursive: true, force: true });
  return attempted;
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
  const child = spawn(process.execPath, [MAIN, ...args], {
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

/** Counts samples that are in the file of samples but not in the results. */
function lost(out: string, results: Results, isComplete: boolean, what: string, counts: SoakCounts): number {
  const kept = new Set(results.cells.flatMap(({ id, samples }) => samples.map((sample) => turnOf(id, sample))));
  const lines = readFileSync(join(out, 'samples.ndjson'), 'utf8').split('\n').slice(0, -1);
  const missing = lines.filter((line) => {
    const { cell, ...sample } = JSON.parse(line) as { cell: string; block: number; round: number };
    return !kept.has(turnOf(cell, sample));
  });
  if (missing.length > 0)
    counts.surprises.push(
      `${what}: ${missing.length} samples are not in the ${isComplete ? 'complete' : 'partial'} results`,
    );
  return missing.length;
}

function turnOf(cell: string, { block, round }: { readonly block: number; readonly round: number }): string {
  return `${cell} ${block} ${round}`;
}
