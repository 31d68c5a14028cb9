/** Options beside what is measured: saved results, the configuration file, the lock, files and output. */
import type { FailOn } from '../model/comparison.ts';
import { LanewiseError, invalid } from '../model/errors.ts';
import { anyText, list, number, text, texts, yesOrNo, rows, type Help, type Options } from './option.ts';
import { duration, memory } from './quantity.ts';
import { MIN_EFFECT } from './measuring.ts';

/** @throws LanewiseError for anything but `never`, `slower` and `slower:10%` */
function parseFailOn(given: string, name: string): FailOn {
  if (given === 'never') return given;
  const [, percent] = /^slower(?::(\d+(?:\.\d+)?)%)?$/.exec(given) ?? [undefined, 'none'];
  if (percent !== 'none') return Number(percent ?? 0) / 100;
  throw invalid(name, given, 'slower, slower:10% or never');
}

function requireFolder(given: string): string {
  if (given === '-')
    throw new LanewiseError('usage', 'Invalid --out "-": expected a folder. To print the results, give --json.');
  if (given !== '') return given;
  throw new LanewiseError('usage', 'Invalid --out "": expected a folder, for example --out lanewise-report.');
}

/** CPUs, of which the last may be shared. */
const cpus = number((given, name) => {
  const value = typeof given === 'number' || /^\d+(?:\.\d+)?$/.test(given) ? Number(given) : 0;
  if (value >= LEAST_CPUS) return value;
  throw invalid(name, given, `a number of CPUs from ${LEAST_CPUS}, such as 2 or 1.5`);
});

/** The kernel grants CPU time in pieces of a few milliseconds: with less, a host hardly starts. */
const LEAST_CPUS = 0.1;

const COLORS = ['use colors; NO_COLOR and FORCE_COLOR are respected'] as const;

/** Help that several commands share. */
const measuring = (...help: Help) => ({ run: help, tune: help });
const configured = (...help: Help) => ({ ...measuring(...help), load: help });
const whenMeasuring = (...help: Help) => ({ ...configured(...help), doctor: help, lessons: help });
const withReport = (...help: Help) => ({ ...measuring(...help), report: help });

const saved = rows('Comparing:', 'needed');
const comparing = rows('Comparing:');
const configuration = rows('Configuration file (lanewise.config.js, .mjs, .ts or .json):');
const beside = rows('Beside another Lanewise:');
const smaller = rows('How the work is run:', 'file');
const output = rows('Output:');
const inFile = rows('Output:', 'file');

export const AROUND = {
  runs: saved(
    texts,
    { compare: ['results.json, or folders, of the earlier runs and then of the later one; 3 earlier ones can decide'] },
    { isPositional: true },
  ),
  results: saved(anyText, { report: ['results.json of an earlier run, or its folder'] }, { isPositional: true }),
  against: comparing(
    texts,
    {
      run: ['compare with an earlier results.json or folder; repeatable'],
      load: ['compare with an earlier load.json or folder; repeatable'],
    },
    { isCommon: true },
  ),
  failOn: comparing(text<FailOn>(parseFailOn), {
    run: ['with --versus, --versus-ref or --against, exit with 4 if: slower, slower:10% or never', 'slower'],
    load: ['with --versus, --versus-ref or --against, exit with 4 if: slower, slower:10% or never', 'slower'],
    compare: ['exit with 4 if: slower, slower:10% (at least) or never', 'slower'],
  }),
  minEffect: comparing(MIN_EFFECT, {
    compare: ['smallest difference that matters: "same" is shown to be below it', 'that of the later run'],
  }),
  force: comparing(yesOrNo, {
    run: ['with --against: also compare with a run of another machine or Node version'],
    compare: ['also compare runs of different machines or Node versions'],
  }),
  resume: rows('How much evidence:')(
    anyText,
    {
      run: ['resume an interrupted run: its report folder'],
      load: ['resume an interrupted measurement: its report folder'],
    },
    { isCommon: true },
  ),
  /** CPUs of a smaller machine to measure on, as that of a container. Linux only. Default: all. */
  cpus: smaller(cpus, measuring('measure on so many CPUs, as in a container: 2 or 1.5', 'all')),
  /** Memory limit of each configuration, in MiB. Linux only, where cgroups can be made. Default: none. */
  memory: smaller(memory, measuring('memory limit of each configuration, as in a container: 512MiB', 'none')),
  suite: configuration(anyText, configured('run a suite of the configuration file')),
  config: configuration(yesOrNo, configured('read the nearest configuration file; --no-config ignores it', 'yes')),
  wait: beside(duration, whenMeasuring('wait this long for it to end; --wait alone: 10m', 'no'), {
    alone: '10m',
  }),
  lock: beside(yesOrNo, whenMeasuring('refuse to start; --no-lock measures beside it', 'yes')),
  /** The report folder. Default: `lanewise-report`. */
  out: inFile(
    text(requireFolder),
    {
      ...measuring('report folder', 'lanewise-report'),
      load: ['report folder', 'lanewise-load'],
      report: ['report folder', 'that of the results'],
      compare: ['folder to write a report to', 'none'],
      doctor: ['folder to write a report to', 'none'],
      lessons: ['folder for --format', 'lanewise-report'],
    },
    { isCommon: true },
  ),
  /** Files to write there. Default: html, md, json, csv and trace. */
  formats: inFile(
    list<string, readonly string[]>({ type: 'string', of: (items) => items.map(String) }),
    {
      ...withReport(
        'files to write: html, md, json, csv, trace, github-action-benchmark, bencher, go, hyperfine',
        'the first five',
      ),
      load: ['files to write: html, md, json', 'all'],
      compare: ['with --out: html, md', 'both'],
      doctor: ['with --out: html, md', 'both'],
      lessons: ['files to write: html, md, json', 'none'],
    },
    { flag: 'format' },
  ),
  summary: output(yesOrNo, {
    ...withReport('append report.md to $GITHUB_STEP_SUMMARY'),
    load: ['append load.md to $GITHUB_STEP_SUMMARY'],
  }),
  json: output(
    yesOrNo,
    {
      ...withReport('print the results as JSON'),
      load: ['print the results as JSON'],
      list: ['print the list as JSON'],
      compare: ['print the comparison as JSON'],
      doctor: ['print the diagnosis as JSON'],
      lessons: ['print the claims as JSON'],
    },
    { isCommon: true },
  ),
  quiet: output(
    yesOrNo,
    {
      ...whenMeasuring('no progress and notes on stderr'),
      worker: ['no notes on stderr'],
      report: ['no notes on stderr'],
      compare: ['no notes on stderr'],
    },
    { alias: 'q' },
  ),
  color: output(yesOrNo, {
    ...whenMeasuring(...COLORS),
    report: COLORS,
    compare: COLORS,
    list: COLORS,
  }),
} satisfies Options;
