import { mkdtempSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { interruptAfterBlock } from '../support/lanewise.js';
import { startProgram } from '../support/run-program.js';
import type { Cell, MeasuredCell, Results } from '../../dist/src/model/results.js';

const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

/** A public report of a user of a worker pool or a benchmark tool, as a command in a folder. */
interface Case {
  readonly title: string;
  /** The command before `node`: another user, a limit, a deleted folder. */
  readonly wrapper?: readonly string[];
  readonly command: readonly string[];
  /** Null: not set. */
  readonly env?: Readonly<Record<string, string | null>>;
}

export interface CaseOutcome {
  /** 0 if it was interrupted after the block that was asked for. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** All that was written of it; undefined: there are no results. */
  readonly results: Results | undefined;
}

export interface CaseChanges {
  /** In place of the first file of the command. */
  readonly file?: string;
  /** In place of another word of the command. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Interrupts it after one block, in which every configuration was measured: it gives no verdict. */
  readonly firstBlock?: true;
  /** Measures this strategy alone: it is compared with nothing, so one block is enough. */
  readonly only?: string;
  readonly args?: readonly string[];
  /** In place of that of the case. */
  readonly wrapper?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export function readCase(name: string): Case {
  return JSON.parse(readFileSync(new URL(`${name}/case.json`, import.meta.url), 'utf8')) as Case;
}

/** Runs the built command in the case's folder, with a report folder and a lock of its own. */
export async function runCase(
  name: string,
  { file, replace = {}, firstBlock, only, args = [], wrapper: other, env = {} }: CaseChanges = {},
): Promise<CaseOutcome> {
  const { wrapper: usual = [], command, env: own = {} } = readCase(name);
  const wrapper = other ?? usual;
  // Started at once: a test that began in between would end the command of a hook.
  const folder = mkdtempSync(join(tmpdir(), 'lanewise-case-'));
  const words = command.map((word) => (file !== undefined && word.startsWith('./') ? file : (replace[word] ?? word)));
  const out = words.includes('--out') ? [] : ['--out', join(folder, 'report')];
  if (only !== undefined)
    for (const [flag, value] of [
      ['-s', only],
      ['--blocks', '1'],
    ] as const)
      words[words.indexOf(flag) + 1] = value;
  // One batch in a block is enough where a case does not name a number: none of these is about how sure a verdict is.
  const rounds = words[0] === 'run' && ![...words, ...args].includes('--rounds') ? ['--rounds', '1'] : [];
  // Nothing but the results is read.
  const formats = [...words, ...args].includes('--format') ? [] : ['--format', 'json'];
  const more = [...rounds, ...out, ...formats, ...args];
  const [program = '', ...rest] = [...wrapper, process.execPath, MAIN, ...words, ...more];
  // A temporary folder of its own has a lock of its own; one of another user is not readable by them.
  const lock = wrapper.length > 0 ? {} : { TMPDIR: folder, TMP: folder, TEMP: folder };
  const environment: NodeJS.ProcessEnv = { ...process.env, ...lock, NO_COLOR: '1', ...own, ...env };
  for (const [variable, value] of Object.entries(own)) if (value === null) delete environment[variable];
  try {
    const cwd = fileURLToPath(new URL(name, import.meta.url));
    const { child, ended } = startProgram(program, rest, { cwd, env: environment });
    if (firstBlock) interruptAfterBlock(child, join(folder, 'report'));
    const { status, ...printed } = await ended;
    const isCut = firstBlock === true && status === 130;
    return { status: isCut ? 0 : status, ...printed, results: await resultsIn(join(folder, 'report')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function resultsIn(folder: string): Promise<Results | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'results.json'), 'utf8')) as Results;
  } catch {
    return undefined;
  }
}

/** People read the output of these tests. */
export function seen(text: string): void {
  process.stdout.write(`  ${expect.getState().currentTestName?.split(':')[0]}: ${text}\n`);
}

export type MeasuredCase = CaseOutcome & { readonly results: Results };

export async function measuredCase(name: string, changes?: CaseChanges): Promise<MeasuredCase> {
  const outcome = await runCase(name, changes);
  if (outcome.results === undefined)
    throw new Error(`no results, status ${outcome.status}: ${outcome.stderr}${outcome.stdout}`);
  return { ...outcome, results: outcome.results };
}

export function ok({ cells }: Results): readonly MeasuredCell[] {
  return cells.filter((cell) => cell.status === 'ok');
}

function cellOf(results: Results, strategy: string): Cell {
  const cell = results.cells.find((one) => one.strategy === strategy);
  if (cell === undefined) throw new Error(`${strategy} was not measured`);
  return cell;
}

export function measuredIn(results: Results, strategy: string): MeasuredCell {
  const cell = cellOf(results, strategy);
  if (cell.status !== 'ok') throw new Error(`${strategy} failed: ${cell.error.message}`);
  return cell;
}

export function errorOf(results: Results, strategy: string): string {
  const cell = cellOf(results, strategy);
  return cell.status === 'failed' ? cell.error.message : 'measured';
}

export const kindsOf = ({ warnings }: Results): readonly string[] => warnings.map(({ kind }) => kind);

/** The line of the report that begins like that, joined again. */
export function sentence(text: string, start: string): string {
  const from = text.indexOf(start);
  return from === -1
    ? `(nothing about "${start}")`
    : (text
        .slice(from)
        .split(/\n(?:\n|- )/)[0]
        ?.replaceAll('\n', ' ') ?? '');
}

/** All that was asked for was measured. */
export function expectMeasured({ status, stderr, stdout, results }: CaseOutcome): void {
  const failed = results?.cells.filter((cell) => cell.status === 'failed');
  expect(failed?.map(({ id, error }) => `${id}: ${error.message}`) ?? [stderr]).toEqual([]);
  expect(status, stderr + stdout).toBe(0);
}
