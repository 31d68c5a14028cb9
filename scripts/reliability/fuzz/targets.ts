/** What is tried: everything that reads what somebody else may have written, and everything that shows it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compareSaved } from '../../../src/flow/comparable-runs.ts';
import { checkResults } from '../../../src/model/check-results.ts';
import type { Results } from '../../../src/model/results.ts';
import { findConfig } from '../../../src/options/config-file.ts';
import type { CommandName } from '../../../src/options/option.ts';
import { readInputs } from '../../../src/options/read-inputs.ts';
import { optionsOf, spelled } from '../../../src/options/table.ts';
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
import type { BegunFolder } from './begun-folder.ts';
import { anyJson, awkwardText, damaged, mutated } from './mutate.ts';
import type { Reader } from './rules.ts';
import { target, type Target } from './target.ts';

interface Bases {
  /** Of results that were recorded, as JSON. */
  readonly recorded: readonly string[];
  readonly begun: BegunFolder;
  /** Where files are written to be read. */
  readonly folder: string;
}

/** All that is tried, by what each reads. */
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
            { name: 'old', results: old },
            { name: 'new', results: current },
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
        await attempt('journal', 'program', () => readJournal(folder, begun.environment));
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
    target('names', fc.array(nameOfWorkload, { minLength: 1, maxLength: 3 }), jsonBytes, async (names, attempt) => {
      await attempt('names of workloads', 'program', () => selectWorkloads(names));
    }),
  ];
}

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

function lengthOf({ length }: Buffer): number {
  return length;
}

/** Plain and packed, damaged in either way. */
function damagedFiles(texts: readonly string[]): fc.Arbitrary<Buffer> {
  const files = texts.flatMap((text) => [Buffer.from(text), gzipSync(text)]);
  return fc.oneof(
    fc.constantFrom(...files).chain(damaged),
    fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes)),
    awkwardText.map((text) => Buffer.from(text)),
    fc
      .tuple(fc.constantFrom('[', '{"a":', '"', '\\', ' '), fc.nat(200_000))
      .map(([text, times]) => gzipSync(text.repeat(times))),
  );
}

function samplesOf(samples: string): fc.Arbitrary<Buffer> {
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(Buffer.from(samples)) },
    { weight: 1, arbitrary: damaged(Buffer.from(samples)) },
  );
}

const COMMANDS: readonly CommandName[] = ['run', 'tune', 'compare', 'report', 'doctor', 'lessons', 'list', 'init'];
const OPTIONS = COMMANDS.flatMap(optionsOf);

/** Pieces of what options take: durations, sizes, lists, ranges, params, configurations. */
const piece = fc.oneof(
  fc.constantFrom(
    '1',
    '4',
    '0',
    '100',
    '1e9',
    '999999999999',
    '0.5',
    '5%',
    '500ms',
    '60s',
    '2m',
    '512MiB',
    '2GB',
    '..',
    '..',
    ',',
    '=',
    '@',
    'x',
    'all',
    ':',
  ),
  fc.constantFrom(
    'event-loop',
    'worker-threads',
    'child-processes',
    'slower',
    'never',
    'throughput',
    'html',
    'n',
    '{"n":1}',
    './a.js',
  ),
  fc.nat().map(String),
);
const optionText = fc.oneof(
  { weight: 3, arbitrary: fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')) },
  { weight: 1, arbitrary: awkwardText },
);
const flags = fc.tuple(fc.nat(), fc.array(optionText, { minLength: 1, maxLength: 3 }));

const SETTINGS = OPTIONS.filter(([, { marks }]) => marks.includes('file')).map(([name]) => name);
const setting = fc.tuple(
  fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...SETTINGS) }, { weight: 1, arbitrary: awkwardText }),
  fc.oneof(anyJson, optionText, fc.nat(), fc.boolean(), fc.array(fc.oneof(optionText, fc.nat()), { maxLength: 3 })),
);
const settings = fc.array(setting, { maxLength: 4 }).map((entries): unknown => Object.fromEntries(entries));
const configurations = fc.oneof(
  { weight: 4, arbitrary: settings },
  {
    weight: 2,
    arbitrary: fc
      .tuple(settings, fc.oneof(fc.dictionary(awkwardText, settings, { maxKeys: 2 }), anyJson))
      .map(([own, suites]): unknown => Object.assign({}, own, { suites })),
  },
  { weight: 1, arbitrary: anyJson },
);

const nameOfWorkload = fc.oneof(
  fc.constantFrom('primes', '*', 'http*', '{a,b}', './task.js#work', 'pkg/worker'),
  awkwardText,
);

const inputFiles = fc.tuple(
  fc.constantFrom('.json', '.ndjson', '.jsonl', '.txt', ''),
  fc.oneof(
    fc
      .array(anyJson, { maxLength: 5 })
      .map((values) => Buffer.from(values.map((value) => JSON.stringify(value)).join('\n'))),
    fc.array(anyJson, { maxLength: 5 }).chain((values) => damaged(Buffer.from(JSON.stringify(values)))),
    fc.array(anyJson, { maxLength: 5 }).map((values) => Buffer.from(`\uFEFF${JSON.stringify(values)}`, 'utf16le')),
    fc.uint8Array({ maxLength: 1000 }).map((bytes) => Buffer.from(bytes)),
    awkwardText.map((text) => Buffer.from(text)),
  ),
);
