/** Targets: everything that reads or shows what somebody else may have written. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { compareSaved } from '../../../src/flow/compare-saved.ts';
import { checkResults } from '../../../src/model/check-results.ts';
import { EXIT_STATUS, LanewiseError } from '../../../src/model/errors.ts';
import type { Results } from '../../../src/model/results.ts';
import { isHostReply } from '../../../src/model/schema/host-reply.ts';
import { findConfig } from '../../../src/options/config-file.ts';
import { readInputs } from '../../../src/options/read-inputs.ts';
import { spelled } from '../../../src/options/table.ts';
import { selectWorkloads } from '../../../src/plan/select-workloads.ts';
import { comparisonDocument } from '../../../src/report/comparison-document.ts';
import { markdownFile } from '../../../src/report/dress/markdown.ts';
import { dressTerminal } from '../../../src/report/dress/terminal.ts';
import { plainPaint } from '../../../src/report/dress/tones.ts';
import { FORMATS } from '../../../src/report/formats.ts';
import { renderTerminal } from '../../../src/report/render.ts';
import { readJournal } from '../../../src/session/read-journal.ts';
import { readResults } from '../../../src/session/read-results.ts';
import { JOURNAL_FILE, SAMPLES_FILE } from '../../../src/session/unfinished.ts';
import { createFrameReader } from '../../../workers/frames.ts';
import type { BegunFolder } from './begun-folder.ts';
import {
  commandLines,
  configurations,
  damagedFiles,
  flags,
  hostReplies,
  inputFiles,
  nameOfWorkload,
  OPTIONS,
  piped,
  samplesOf,
  TOKEN,
} from './inputs.ts';
import { anyJson, mutated } from './mutate.ts';
import type { Reader } from './rules.ts';
import { target, type Target } from './target.ts';

interface Bases {
  /** Recorded results as JSON. */
  readonly recorded: readonly string[];
  readonly begun: BegunFolder;
  /** Folder for files that the targets read. */
  readonly folder: string;
}

/** All targets, by what they read. */
export function targetsOf({ recorded, begun, folder }: Bases): readonly Target[] {
  const results = fc.oneof({ weight: 9, arbitrary: mutated(recorded) }, { weight: 1, arbitrary: anyJson });
  const file = (name: string, content: string | Buffer): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  return [
    target('results', results, jsonBytes, async (value, attempt) => {
      const checked = await attempt('check of results', 'program', () => checkResults(value, 'results.json'));
      if (checked === undefined) return;
      await attempt('terminal', 'people', () => renderTerminal(checked, plainPaint));
      for (const { file: name, render } of Object.values(FORMATS).flat())
        await attempt(name, READERS[name] ?? 'program', () => render(checked));
    }),
    target('compare', fc.tuple(results, results), jsonBytes, async (values, attempt) => {
      const runs: Results[] = [];
      for (const value of values) {
        const checked = await attempt('check of results', 'program', () => checkResults(value, 'results.json'));
        if (checked !== undefined) runs.push(checked);
      }
      const [old, current] = runs;
      if (old === undefined || current === undefined) return;
      for (const remedy of ['--force', undefined]) {
        const comparison = await attempt('compare', 'program', () =>
          compareSaved(
            [{ name: 'old', kind: 'run', results: old }],
            { name: 'new', kind: 'run', results: current },
            { minEffect: undefined, remedy },
          ),
        );
        if (comparison === undefined) continue;
        await attempt('comparison in a terminal', 'people', () =>
          dressTerminal(comparisonDocument(comparison), plainPaint),
        );
        await attempt('comparison as Markdown', 'people', () => markdownFile(comparisonDocument(comparison)));
      }
    }),
    target('results file', damagedFiles(recorded), lengthOf, async (bytes, attempt) => {
      const path = file('results.json', bytes);
      await attempt('results file', 'program', () => readResults(path));
    }),
    target(
      'journal',
      fc.tuple(mutated([begun.journal]), samplesOf(begun.samples)),
      jsonBytes,
      async ([journal, samples], attempt) => {
        file(JOURNAL_FILE, JSON.stringify(journal));
        file(SAMPLES_FILE, samples);
        await attempt('journal', 'program', () => readJournal(folder, begun.environment, 'run'));
      },
    ),
    target('configuration', configurations, jsonBytes, async (value, attempt) => {
      const at = join(folder, 'configured');
      mkdirSync(at, { recursive: true });
      file(join('configured', 'lanewise.config.json'), JSON.stringify(value));
      await attempt('configuration', 'program', () => findConfig(at));
    }),
    target(
      'inputs',
      inputFiles,
      ([, bytes]) => bytes.length,
      async ([ending, bytes], attempt) => {
        const path = file(`inputs${ending}`, bytes);
        await attempt('inputs', 'program', () => readInputs(path));
      },
    ),
    target('flags', flags, jsonBytes, async ([index, texts], attempt) => {
      const [name, option] = OPTIONS[index % OPTIONS.length] ?? [];
      if (name === undefined || option === undefined) return;
      const value = await attempt(name, 'program', () => option.kind.parse(texts, spelled(name, option)));
      if (value === undefined) return;
      await attempt(`${name} written again`, 'program', () => option.kind.parse(option.kind.write(value), name));
    }),
    target('frames', piped, bytesOfAll, async (pieces, attempt) => {
      await attempt('frames', 'program', () => {
        const failures: string[] = [];
        const fail = (what: string): unknown => failures.push(what);
        const take = createFrameReader({ token: TOKEN, mostBytes: 2 ** 20, receive: isHostReply, fail });
        for (const piece of pieces) take(Buffer.from(piece));
        if (failures.length > 0) throw new LanewiseError('input', failures.join(' '));
      });
    }),
    target('replies of hosts', hostReplies, jsonBytes, async (reply, attempt) => {
      await attempt('reply of a host', 'program', () => {
        if (!isHostReply(reply)) throw new LanewiseError('input', 'The host answered what is no reply.');
      });
    }),
    target('command line', fc.tuple(commandLines, results), jsonBytes, async ([[command, words], value], attempt) => {
      const path = file('results.json', JSON.stringify(value));
      const files = command === 'compare' ? [path, path] : [path];
      await attempt(command, 'people', () => commanded([command, ...files, ...words], folder));
    }),
    target('names', fc.array(nameOfWorkload, { minLength: 1, maxLength: 3 }), jsonBytes, async (names, attempt) => {
      await attempt('names of workloads', 'program', () => selectWorkloads(names));
    }),
  ];
}

/** Output of the built command. @throws Error if it ends with a signal or an internal error */
async function commanded(args: readonly string[], cwd: string): Promise<string> {
  const env = { ...process.env, NO_COLOR: '1' };
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd, env, timeout: HUNG_MS, maxBuffer: 2 ** 28 },
      (error, stdout, stderr) => {
        const status = error === null ? 0 : error.code;
        if (status === EXIT_STATUS.usage) reject(new LanewiseError('usage', stderr));
        else if (typeof status === 'number' && STATUSES.has(status)) resolve(stdout + stderr);
        else reject(new Error(`ended with ${status ?? error?.signal}: ${stderr.slice(-2000)}`));
      },
    );
  });
}

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
/** Exit statuses of a command without an internal error. */
const STATUSES = new Set([0, 1, 3, 4]);
const HUNG_MS = 60_000;

const READERS: Readonly<Record<string, Reader>> = {
  'index.html': 'page',
  'report.md': 'people',
  'samples.csv': 'spreadsheet',
  'cells.csv': 'spreadsheet',
  'benchmarks.txt': 'people',
  'results.json': 'json',
  'trace.json': 'json',
  'bencher.json': 'json',
  'hyperfine.json': 'json',
  'github-action-benchmark.json': 'json',
};

function jsonBytes(value: unknown): number {
  return JSON.stringify(value).length;
}

function bytesOfAll(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function lengthOf({ length }: Buffer): number {
  return length;
}
