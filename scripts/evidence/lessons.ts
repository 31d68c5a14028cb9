/**
 * Do the claims of the lessons hold in every run, and beside other programs?
 *
 *   npm run evidence:lessons -- [--runs 20] [--neighbours 0,1,2] [--write]
 *
 * Runs `lanewise lessons` repeatedly, each time with another seed, beside programs that keep a CPU busy now and then.
 * `--write` puts the table into docs/lessons.md. The exit status is 1 if a claim failed.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { madeBy } from '../docs/made-by.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { lanewise } from '../lanewise.ts';
import { scriptOptions } from '../script-options.ts';

const NEIGHBOUR = fileURLToPath(new URL('neighbour.js', import.meta.url));

/** Runs beside a number of neighbours. */
export interface Series {
  readonly neighbours: number;
  readonly runs: readonly Run[];
}

/** Result of one run of the lessons. */
export interface Run {
  readonly status: number | null;
  readonly seconds: number;
  readonly claims: number;
  /** Lessons and strategies that did not pass: `one-fails worker-threads`. */
  readonly failed: readonly string[];
  /** The same, for those that passed when measured again. */
  readonly again: readonly string[];
}

interface Taught {
  readonly lessons: readonly {
    readonly id: string;
    readonly strategy: string;
    readonly pass: boolean;
    readonly attempts: number;
    readonly claims: readonly unknown[];
  }[];
}

export function runOnce(args: readonly string[]): Run {
  const beganMs = performance.now();
  const { status, stdout, stderr } = lanewise(['lessons', '--json', '--quiet', '--wait', ...args]);
  const seconds = (performance.now() - beganMs) / 1000;
  if (stdout === '') throw new Error(stderr);
  const { lessons } = JSON.parse(stdout) as Taught;
  const named = (which: typeof lessons): readonly string[] => which.map(({ id, strategy }) => `${id} ${strategy}`);
  return {
    status,
    seconds,
    claims: lessons.reduce((sum, { claims }) => sum + claims.length, 0),
    failed: named(lessons.filter(({ pass }) => !pass)),
    again: named(lessons.filter(({ pass, attempts }) => pass && attempts > 1)),
  };
}

export function tabulate(all: readonly Series[]): string {
  return markdownTable(
    [
      ['neighbours', 'runs', 'passed', 'claims a run', 'configurations measured again', 's, longest'],
      ...all.map(({ neighbours, runs }) => [
        String(neighbours),
        String(runs.length),
        String(runs.filter(({ status }) => status === 0).length),
        [...new Set(runs.map(({ claims }) => claims))].join(', '),
        String(runs.reduce((sum, { again }) => sum + again.length, 0)),
        Math.max(...runs.map(({ seconds }) => seconds)).toFixed(0),
      ]),
    ],
    { align: ['r', 'r', 'r', 'r', 'r', 'r'] },
  );
}

function main(): void {
  const values = scriptOptions({ runs: 20, neighbours: '0', write: false });
  const all = values.neighbours.split(',').map((count): Series => runBeside(Number(count), values.runs));
  const table = tabulate(all);
  process.stdout.write(`\n${table}\n`);
  if (values.write) {
    const command = `npm run evidence:lessons -- --runs ${values.runs} --neighbours ${values.neighbours} --write`;
    writeDocs('lessons.md', 'runs', `${table}\n\n${madeBy(command)}`);
  }
  if (all.some(({ runs }) => runs.some(({ status }) => status !== 0))) process.exitCode = 1;
}

function runBeside(neighbours: number, count: number): Series {
  const started: ChildProcess[] = Array.from({ length: neighbours }, (_, index) =>
    fork(NEIGHBOUR, [String(index + 1)]),
  );
  try {
    const runs = Array.from({ length: count }, (_, index) => {
      const run = runOnce(['--seed', String(index + 1)]);
      const again = run.again.length === 0 ? '' : `; measured again: ${run.again.join(', ')}`;
      const failed = run.failed.length === 0 ? 'all hold' : `failed: ${run.failed.join(', ')}`;
      process.stdout.write(
        `${neighbours} neighbours, run ${index + 1}: ${run.claims} claims in ${run.seconds.toFixed(1)} s, ${failed}${again}\n`,
      );
      return run;
    });
    return { neighbours, runs };
  } finally {
    for (const neighbour of started) neighbour.kill('SIGKILL');
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
