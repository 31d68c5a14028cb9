/** What is asked besides what is measured: saved results, the configuration file, taking turns with another Lanewise, what is written and printed. */
import type { FailOn } from '../model/comparison.ts';
import { LanewiseError } from '../model/errors.ts';
import { anyText, list, text, yesOrNo, rows, type Help, type Options } from './option.ts';
import { MIN_EFFECT } from './measuring.ts';

/** @throws LanewiseError for anything but `never`, `slower` and `slower:10%` */
function parseFailOn(given: string, name: string): FailOn {
  if (given === 'never') return given;
  const [, percent] = /^slower(?::(\d+(?:\.\d+)?)%)?$/.exec(given) ?? [undefined, 'none'];
  if (percent !== 'none') return Number(percent ?? 0) / 100;
  throw new LanewiseError('usage', `Invalid ${name} "${given}": use slower, slower:10% or never.`);
}

function requireFolder(given: string): string {
  if (given !== '') return given;
  throw new LanewiseError('usage', 'The flag --out needs a folder, for example --out lanewise-report.');
}

const COLORS = ['colours; --no-color, NO_COLOR and FORCE_COLOR decide too'] as const;

/** Said of several commands. */
const measuring = (...help: Help) => ({ run: help, tune: help });
const whenMeasuring = (...help: Help) => ({ ...measuring(...help), doctor: help, lessons: help });
const withReport = (...help: Help) => ({ ...measuring(...help), report: help });

const saved = rows('Comparing:', 'needed');
const comparing = rows('Comparing:');
const configuration = rows('Configuration file (lanewise.config.js, .mjs, .ts or .json):');
const beside = rows('Beside another Lanewise:');
const output = rows('Output:');
const inFile = rows('Output:', 'file');

export const AROUND = {
  old: saved(anyText, { compare: ['results.json of the earlier run, or its folder'] }, { isPositional: true }),
  new: saved(anyText, { compare: ['results.json of the later run, or its folder'] }, { isPositional: true }),
  results: saved(anyText, { report: ['results.json of an earlier run, or its folder'] }, { isPositional: true }),
  against: comparing(anyText, {
    run: ['results.json of an earlier run, or its folder: report what changed since, with its seed and batch sizes'],
  }),
  failOn: comparing(text<FailOn>(parseFailOn), {
    run: [
      'with --versus, --versus-ref and --against: status 4 if something is slower: slower, slower:10% or never',
      'slower',
    ],
    compare: ['status 4 if something is slower: slower, slower:10% (by at least that) or never', 'slower'],
  }),
  minEffect: comparing(MIN_EFFECT, {
    compare: ['smaller differences count as the same', 'that of the later run'],
  }),
  force: comparing(yesOrNo, {
    run: ['with --against: also a run of another machine'],
    compare: ['compare runs of different machines all the same'],
  }),
  resume: rows('How much evidence:')(anyText, {
    run: ['resume a run that was interrupted or killed: its report folder, or a file in it'],
  }),
  suite: configuration(anyText, measuring('a suite of the file: what it measures, and how')),
  config: configuration(yesOrNo, measuring('read the file that is nearest upwards; --no-config does not', 'yes')),
  wait: beside(yesOrNo, whenMeasuring('wait until it has ended')),
  lock: beside(yesOrNo, whenMeasuring('refuse to disturb it; --no-lock measures all the same', 'yes')),
  /** The report folder. Default: `lanewise-report`. */
  out: inFile(text(requireFolder), {
    ...measuring('the report folder', 'lanewise-report'),
    report: ['the report folder', 'that of the results'],
    compare: ['a folder to write it to as well', 'none'],
    doctor: ['a folder to write it to as well', 'none'],
    lessons: ['the folder for them', 'lanewise-report'],
  }),
  /** What is written there. Default: html, md, json, csv and trace. */
  formats: inFile(
    list<string, readonly string[]>({ type: 'string', of: (items) => items.map(String) }),
    {
      ...withReport(
        'what to write there: html,md,json,csv,trace, and for other tools github-action-benchmark,bencher,go,hyperfine',
        'the first five',
      ),
      compare: ['with --out: what to write, html,md', 'both'],
      doctor: ['with --out: what to write, html,md', 'both'],
      lessons: ['write lessons.html, lessons.md or lessons.json: html,md,json', 'none'],
    },
    { flag: 'format' },
  ),
  summary: output(yesOrNo, withReport('append report.md to the summary of a GitHub job ($GITHUB_STEP_SUMMARY)')),
  json: output(yesOrNo, {
    ...withReport('the results as JSON on stdout, and nothing else there'),
    list: ['the results as JSON on stdout, and nothing else there'],
    compare: ['the comparison as JSON on stdout, and nothing else there'],
    doctor: ['the diagnosis as JSON on stdout, and nothing else there'],
    lessons: ['the claims as JSON on stdout, and nothing else there'],
  }),
  quiet: output(
    yesOrNo,
    {
      ...whenMeasuring('no progress and no notes on stderr'),
      report: ['no progress and no notes on stderr'],
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
