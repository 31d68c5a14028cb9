/**
 * Does anything break that reads a file or shows text? Tries random and damaged input for a given time, and lists what
 * broke a rule, with the command that repeats it.
 *
 *   npm run fuzz -- [--minutes 10] [--seed 1] [--target journal [--path 12:3]] [--docs]
 *
 * Prints its figures as JSON. `--path` tries the one input of a finding, with its target and seed. `--docs` writes the
 * table to docs/reliability.md. The exit status is 1 if a rule was broken.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Results } from '../../src/model/results.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { beginFolder } from './fuzz/begun-folder.ts';
import type { Outcomes } from './fuzz/rules.ts';
import { tabulateFuzz } from './fuzz/tabulate.ts';
import type { Target } from './fuzz/target.ts';
import { targetsOf } from './fuzz/targets.ts';
import { watchForHangs } from './fuzz/watchdog.ts';
import { scriptOptions } from '../script-options.ts';

const RECORDED = fileURLToPath(new URL('../../../test/recorded/', import.meta.url));
/** Duration of a target's turn. */
const RUNS = 200;
/** Longest turn, most of which is the search for a smaller input that shows the same fault. */
const TURN_MS = 15_000;

export interface Finding {
  readonly target: string;
  readonly seed: number;
  readonly path: string;
  readonly rule: string;
  readonly fault: string;
}

export interface FuzzCounts extends Outcomes {
  readonly target: string;
  inputs: number;
}

export interface Fuzzed {
  readonly counts: readonly FuzzCounts[];
  readonly findings: readonly Finding[];
}

export interface FuzzOptions {
  readonly minutes: number;
  readonly seed: number;
  /** Inputs of each target in its turn; only the first turn, if there is no time for more. */
  readonly runs?: number;
  /** How long a turn of a target may take, ms. */
  readonly turnMs?: number;
  readonly onTurn?: (what: string, findings: readonly Finding[]) => void;
}

/** Tries the targets in turns, each time with the next seed, until the time is over, but at least once each. */
export async function fuzz(targets: readonly Target[], options: FuzzOptions): Promise<Fuzzed> {
  const { minutes, runs = RUNS, turnMs = TURN_MS, onTurn } = options;
  const counts = targets.map(({ name }) => ({
    target: name,
    inputs: 0,
    accepted: 0,
    refused: 0,
    slowestMs: 0,
  }));
  const findings: Finding[] = [];
  const known = new Set<string>();
  const until = performance.now() + minutes * 60_000;
  for (let { seed } = options; seed === options.seed || performance.now() < until; seed += 1) {
    for (const [index, { name, check }] of targets.entries()) {
      const count = counts[index];
      const leftMs = until - performance.now();
      if (count === undefined || (leftMs <= 0 && seed > options.seed)) continue;
      onTurn?.(`${name} --seed ${seed}`, findings);
      const { inputs, finding } = await check(count, { seed, runs, timeLimitMs: turnMs, known });
      count.inputs += inputs;
      if (finding === undefined) continue;
      known.add(finding.fault);
      findings.push({ target: name, seed, ...finding });
    }
  }
  return { counts, findings };
}

/** Runs with a temporary folder. */
export async function allTargets(folder: string): Promise<readonly Target[]> {
  const recorded = readdirSync(RECORDED).map((name) => gunzipSync(readFileSync(join(RECORDED, name))).toString());
  const begun = await beginFolder(folder, JSON.parse(recorded[0] ?? '') as Results);
  return targetsOf({ recorded, begun, folder });
}

async function main(): Promise<void> {
  const values = scriptOptions({ minutes: 10, seed: 1, target: undefined, path: undefined, docs: false });
  const head = { minutes: values.minutes, seed: values.seed };
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const watchdog = watchForHangs();
  try {
    const all = await allTargets(folder);
    const targets = all.filter(({ name }) => values.target === undefined || name === values.target);
    if (targets.length === 0) throw new Error(`no target ${values.target}: ${all.map(({ name }) => name).join(', ')}`);
    if (values.path !== undefined) return await repeat(targets, head.seed, values.path);
    const fuzzed = await fuzz(targets, {
      ...head,
      onTurn: (what, { length }) => {
        watchdog.report(what);
        process.stderr.write(`${what}; ${length} findings so far\n`);
      },
    });
    for (const { target, seed, path, rule } of fuzzed.findings)
      process.stderr.write(`! npm run fuzz -- --target '${target}' --seed ${seed} --path ${path}\n  ${rule}\n`);
    process.stdout.write(`${JSON.stringify({ ...head, ...fuzzed }, undefined, 2)}\n`);
    if (values.docs) writeDocs('reliability.md', 'fuzz', tabulateFuzz(fuzzed, head));
    if (fuzzed.findings.length > 0) process.exitCode = 1;
  } finally {
    await watchdog.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function repeat(targets: readonly Target[], seed: number, path: string): Promise<void> {
  for (const { name, check } of targets) {
    const { finding } = await check(
      { accepted: 0, refused: 0, slowestMs: 0 },
      { seed, path, runs: RUNS, timeLimitMs: 600_000, known: new Set() },
    );
    process.stdout.write(`${name}: ${finding === undefined ? 'nothing found' : finding.rule}\n`);
    if (finding !== undefined) process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
