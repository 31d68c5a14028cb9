/**
 * Do the verdicts hold? Compares identical cells, and cells slowed down by 5 and 10%, on a quiet machine, beside a
 * noisy neighbour, and as benchmarks usually do.
 *
 *   npm run evidence -- [--quick] [--seed 1] [--out evidence] [--from evidence/evidence.ndjson] [--docs]
 *
 * Times are appended to `evidence.ndjson`, from which the table is made; `--from` makes it from an existing file.
 * `--docs` writes the table to docs/method.md.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { readEnvironment } from '../../src/measure/environment.ts';
import type { PresetName } from '../../src/model/evidence.ts';
import { openServices } from '../../src/measure/worker-process.ts';
import { run, type BuiltInStrategy, type Results } from '../../src/index.ts';
import { TWINS, type TwinKind } from './twins.ts';
import { beside } from './beside.ts';
import type { BenchReply, BenchRequest } from './one-after-the-other.ts';
import { tabulate, type EvidenceHead, type EvidenceRecord } from './tabulate-verdicts.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { scriptOptions } from '../script-options.ts';

const WORKLOADS = ['cpu', 'io', 'mixed'] as const;
const STRATEGIES = ['event-loop', 'worker-threads', 'child-processes'] as const;

type Way = EvidenceRecord['way'];

/** Number of repetitions under each condition, with twins of each kind. */
export interface EvidenceSize {
  readonly repetitions: Readonly<Record<Exclude<Way, 'padded'>, Readonly<Partial<Record<TwinKind, number>>>>>;
  /** Blocks of each comparison; undefined: those of the `standard` preset. */
  readonly blocks?: number;
  readonly rounds?: number;
  /** Time that tinybench measures each twin; undefined: its own default. */
  readonly benchMs?: number;
  readonly workloads?: readonly string[];
  readonly strategies?: readonly BuiltInStrategy[];
}

/**
 * 3 workloads and 3 strategies, 2 or 3 pairs of identical cells: 207 comparisons, 63 beside the neighbour, 36 in
 * tinybench.
 */
const FULL: EvidenceSize = {
  repetitions: {
    quiet: { slowed: 4, identical: 5 },
    neighbour: { slowed: 2, identical: 1 },
    tinybench: { slowed: 2, identical: 0 },
  },
};
const QUICK: EvidenceSize = {
  repetitions: {
    quiet: { slowed: 1, identical: 0 },
    neighbour: { slowed: 1, identical: 0 },
    tinybench: { slowed: 1, identical: 0 },
  },
};

/** One measurement of six twins. */
export interface TwinJob {
  /** `standard` unless given. */
  readonly preset?: PresetName;
  readonly way: Way;
  readonly twins: TwinKind;
  readonly workload: string;
  readonly strategy: BuiltInStrategy;
  readonly repetition: number;
}

/** Measures everything, in an order that mixes what is compared, and passes on each record at once. */
export async function gather(size: EvidenceSize, seed: number, take: (record: EvidenceRecord) => void): Promise<void> {
  const { cores } = readEnvironment();
  const jobs = planJobs(size, seed);
  for (const [index, job] of jobs.entries()) {
    const record =
      job.way === 'tinybench' ? await benchTwins(job, size, cores) : await runTwins(job, size, seed + index);
    take(record);
  }
}

/** Shuffles all jobs, so that changes of the machine within an hour affect all conditions equally. */
function planJobs(
  { repetitions, workloads = WORKLOADS, strategies = STRATEGIES }: EvidenceSize,
  seed: number,
): readonly TwinJob[] {
  const generator = xoroshiro128plus(seed);
  const left = (Object.keys(repetitions) as (keyof typeof repetitions)[]).flatMap((way) =>
    (Object.keys(repetitions[way]) as TwinKind[]).flatMap((twins) =>
      Array.from({ length: repetitions[way][twins] ?? 0 }).flatMap((_, repetition) =>
        workloads.flatMap((workload) => strategies.map((strategy) => ({ way, twins, workload, strategy, repetition }))),
      ),
    ),
  );
  return [...left].flatMap(() => left.splice(uniformInt(generator, 0, left.length - 1), 1));
}

/** Measures six twins, with a neighbour or with environments of random sizes if the job has these. */
export async function runTwins(
  job: TwinJob,
  { blocks, rounds }: Pick<EvidenceSize, 'blocks' | 'rounds'>,
  seed: number,
): Promise<EvidenceRecord> {
  const env = process.env;
  if (job.way === 'padded') process.env = padded(env, seed);
  try {
    const results = await beside(job.way === 'neighbour' ? 'bursts' : undefined, seed, async () =>
      run({
        workloads: [fileOf(job).href],
        strategies: TWINS.map(() => job.strategy),
        poolSizes: ['cores'],
        concurrency: ['all'],
        params: { twins: job.twins },
        preset: job.preset ?? 'standard',
        seed,
        upperBound: false,
        ...(blocks !== undefined && { blocks }),
        ...(rounds !== undefined && { rounds }),
        lock: 'wait',
      }),
    );
    return { ...job, startedAt: results.startedAt, durationMs: results.durationMs, ...whatCounts(results) };
  } finally {
    process.env = env;
  }
}

/** More than a page, on which addresses of the stack depend; the environment is at its end. */
const LONGEST_PADDING = 8192;

/** An environment that is of another size whenever it is copied for a process. */
function padded(env: NodeJS.ProcessEnv, seed: number): NodeJS.ProcessEnv {
  const generator = xoroshiro128plus(seed);
  const padding = (): string => 'x'.repeat(uniformInt(generator, 0, LONGEST_PADDING));
  return new Proxy(
    { ...env, PADDING: '' },
    { get: (target, name) => (name === 'PADDING' ? padding() : (Reflect.get(target, name) as string | undefined)) },
  );
}

function whatCounts({ cells, noise = [], workloads }: Results) {
  return {
    tasks: workloads[0]?.tasks ?? 0,
    hit: noise[0]?.hit ?? 0,
    repeated: noise[0]?.repeated ?? 0,
    canariesMs: (noise[0]?.blocks ?? []).map(({ canaryMs }) => canaryMs),
    walls: cells.map(({ id, status, samples }) => {
      if (status !== 'ok') throw new Error(`${id} failed`);
      return samples.map(({ block, round, wallMs }) => ({ block, round, wallMs }));
    }),
  };
}

async function benchTwins(job: TwinJob, { benchMs }: EvidenceSize, poolSize: number): Promise<EvidenceRecord> {
  const startedAt = new Date();
  const { services, close } = await openServices(new Set(['http-server']));
  try {
    const request: BenchRequest = {
      workload: fileOf(job).href,
      strategy: job.strategy,
      poolSize,
      services,
      ...(benchMs !== undefined && { benchMs }),
    };
    const child = fork(fileURLToPath(new URL('one-after-the-other.js', import.meta.url)), [JSON.stringify(request)]);
    const ended = once(child, 'exit');
    let reply: BenchReply = [];
    child.on('message', (message) => {
      reply = message as BenchReply;
    });
    const [code] = (await ended) as [number | null];
    if (code !== 0 || reply.length === 0) throw new Error(`tinybench ended with ${code} on ${job.workload}`);
    const walls = reply.map((times) => times.map((wallMs, block) => ({ block, round: 0, wallMs })));
    const durationMs = Date.now() - startedAt.getTime();
    return {
      ...job,
      startedAt: startedAt.toISOString(),
      durationMs,
      tasks: 0,
      hit: 0,
      repeated: 0,
      canariesMs: [],
      walls,
    };
  } finally {
    await close();
  }
}

function fileOf({ workload }: TwinJob): URL {
  return new URL(`workloads/${workload}.js`, import.meta.url);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = scriptOptions({ quick: false, seed: 1, out: 'evidence', from: undefined, docs: false });
  const source = values.from ?? (await measureAll(values.quick, values.seed, values.out));
  const [head, ...records] = readFileSync(source, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const text = tabulate(head as EvidenceHead, records as EvidenceRecord[]);
  console.log(text);
  if (values.docs) writeDocs('method.md', 'evidence', text);
}

async function measureAll(isQuick: boolean, seed: number, out: string): Promise<string> {
  mkdirSync(out, { recursive: true });
  const path = join(out, 'evidence.ndjson');
  const { cpuModel, cores, node, os } = readEnvironment();
  const head: EvidenceHead = {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpuModel}, ${cores} usable CPUs, ${os}, Node ${node}`,
    seed,
    command: `npm run evidence -- --seed ${seed}${isQuick ? ' --quick' : ''}`,
  };
  writeFileSync(path, `${JSON.stringify(head)}\n`);
  const size = isQuick ? QUICK : FULL;
  const total = planJobs(size, seed).length;
  const startedMs = Date.now();
  let done = 0;
  await gather(size, seed, (record) => {
    appendFileSync(path, `${JSON.stringify(record)}\n`);
    done += 1;
    const leftMin = (((Date.now() - startedMs) / done) * (total - done)) / 60_000;
    console.error(
      `${done} of ${total}: ${record.way} ${record.workload} ${record.strategy}, about ${Math.ceil(leftMin)} min left`,
    );
  });
  return path;
}
