/**
 * Tests with 200 kB of each character on which a regular expression may backtrack: every function of text takes time in proportion
 * to its length, and no output holds what a terminal obeys.
 */
import { describe, expect, it } from 'vitest';
import * as commandLine from '../../dist/src/cli/yargs-command.js';
import { lastWords } from '../../dist/src/measure/why-ended.js';
import * as errors from '../../dist/src/model/errors.js';
import type { CommandName } from '../../dist/src/options/option.js';
import type { Results } from '../../dist/src/model/results.js';
import * as text from '../../dist/src/model/text.js';
import * as configuration from '../../dist/src/options/configuration.js';
import { optionsOf } from '../../dist/src/options/table.js';
import { selectWorkloads } from '../../dist/src/plan/select-workloads.js';
import { comparisonDocument } from '../../dist/src/report/comparison-document.js';
import { diagnosisDocument } from '../../dist/src/report/diagnosis-document.js';
import * as displayable from '../../dist/src/report/displayable.js';
import { dressMarkdown } from '../../dist/src/report/dress/markdown.js';
import { dressTerminal } from '../../dist/src/report/dress/terminal.js';
import { plainPaint } from '../../dist/src/report/dress/tones.js';
import { FORMATS } from '../../dist/src/report/formats.js';
import { lessonsDocument } from '../../dist/src/report/lessons/lessons-document.js';
import { renderTerminal } from '../../dist/src/report/render.js';
import { compareRuns } from '../../dist/src/stats/compare-runs.js';
import { parseJson } from '../../dist/src/system/foreign-file.js';
import * as described from '../../dist/workers/describe-error.js';
import { diagnosisOf } from '../support/diagnosis.js';
import { LESSONS } from '../support/lessons-report.js';
import { reportResults, WITH_FAILURE } from '../support/report-results.js';

const LENGTH = 200_000;
const AWKWARD = [
  ...Array.from(' \n\t"\'`\\/.,-a0[({<&@#:|*_=?%~+$;!Aé中'),
  '\r\n',
  ' \n',
  '\u001b',
  '\u001b[',
  '\u009b',
  '\u202e',
  '\u200d',
  '👩\u200d',
  '😀',
  '\u0301',
  '\ud800',
  '\u2028',
  '://',
  '://a@',
  '?a=',
  '&token=',
  'a-',
  'a@',
  'a:',
  'a:a@a',
  '@1',
  '://a:a@',
  'token=',
  'token="',
  'token=\\',
  'token ',
  'authorization:',
  'bearer ',
  '\\u',
  '${',
  '/tmp/',
  '/tmp/a',
  'Error: ',
  '[a',
  '1,',
  '1..',
];

/** CPU time of this process: wall time depends on what else the machine does. */
function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  try {
    work();
  } catch (thrown) {
    // A sentence is an answer, and anything else is not.
    if (!(thrown instanceof errors.LanewiseError) || thrown.message.length > 6000) throw thrown;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

type Feed = ((long: string) => unknown) | 'no text';

/** By module: each function that is given a text, or why it is not fed one. */
const FUNCTIONS: readonly (readonly [module: object, Readonly<Record<string, Feed>>])[] = [
  [
    text,
    {
      visible: text.visible,
      isVisible: text.isVisible,
      readable: text.readable,
      oneLine: text.oneLine,
      clip: (long) => text.clip(long, 1000),
      quote: text.quote,
      shellWord: text.shellWord,
      withShortQuotes: text.withShortQuotes,
      mapTexts: (long) => text.mapTexts({ [long]: [long] }, text.visible, 9),
      withoutPrivate: (long) => text.withoutPrivate({ [long]: [long] }),
      jsonText: (long) => text.jsonText({ [long]: [long] }, 2),
      secretsAnywhere: 'no text',
    },
  ],
  [
    errors,
    {
      LanewiseError: (long) => new errors.LanewiseError('usage', long),
      JournalError: (long) => new errors.JournalError(long),
      invalid: (long) => errors.invalid('--it', long, 'a word'),
      nearestName: (long) => errors.nearestName(long, ['event-loop']),
      didYouMean: (long) => errors.didYouMean(long, ['event-loop']),
      EXIT_STATUS: 'no text',
      EXIT_CELL_FAILED: 'no text',
      EXIT_CLAIM_FAILED: 'no text',
      EXIT_UNDECIDED: 'no text',
      EXIT_REGRESSION: 'no text',
    },
  ],
  [
    displayable,
    {
      displayable: (long) => displayable.displayable(hostile(long)),
      shown: displayable.shown,
      markdownText: displayable.markdownText,
      codeFence: (long) => displayable.codeFence(long),
    },
  ],
  [
    described,
    {
      describeError: (long) => described.describeError(new Error(long, { cause: long })),
      isError: 'no text',
      callHook: 'no text',
      callHookNow: 'no text',
      errorFrom: 'no text',
      describedAs: 'no text',
      uncloneable: (long) => described.uncloneable('input', new Error(long)),
      dispatchError: (long) => described.dispatchError(new Error(long)),
      withoutOwnFolders: described.withoutOwnFolders,
      secretsIn: (long) => described.secretsIn({ A_KEY: long }),
      secretsHere: 'no text',
      withoutSecrets: (long) => described.withoutSecrets(long, [long.slice(0, 8)]),
      plainText: described.plainText,
    },
  ],
  [
    configuration,
    {
      parseStrategy: (long) => configuration.parseStrategy(long, '--it'),
      parseConfiguration: (long) => configuration.parseConfiguration(`event-loop@1x${long}`, '--it'),
      configurationOf: (long) => configuration.configurationOf({ strategy: 'event-loop', runtime: long }, '--it'),
      concurrencyOf: (long) => configuration.concurrencyOf(long, '--it'),
    },
  ],
];

/** What takes a text of its module, and is fed one here without its neighbours. */
const SINGLE: Readonly<Record<string, (long: string) => unknown>> = {
  'the last words of a process': (long) => lastWords(`${long}\n${long}`, null),
  'JSON from elsewhere': parseJson,
  'what yargs says': (long) => commandLine.usageSentence(`unknown: ${long}`, [long]),
  'names of workloads': (long) => selectWorkloads([long]),
};

const COMMANDS: readonly CommandName[] = ['run', 'tune', 'compare', 'report', 'doctor', 'lessons', 'list', 'init'];

function hostile(long: string): Results {
  const results = reportResults([{ workload: long, params: { [long]: long } }]);
  const [failed] = WITH_FAILURE.cells.slice(-1);
  const error = { name: long, message: long, stack: long, causes: [{ name: long, message: long }] };
  return {
    ...results,
    startedAt: long,
    tool: { ...results.tool, version: long },
    environment: { ...results.environment, node: long, cpuModel: long, os: long, governor: long },
    workloads: results.workloads.map((workload) => ({ ...workload, source: long })),
    cells: [
      ...results.cells,
      ...(failed?.status === 'failed' ? [{ ...failed, id: `${long}/child-processes@2`, workload: long, error }] : []),
    ],
    warnings: [{ kind: 'failed-afterwards', cell: long, step: 'teardown', message: long }],
  };
}

const OBEYED = /[^\P{Cc}\n\r\t]|[\u2028\u2029]|\p{Bidi_C}/u;

/** Units that reach a document as they are; all others are cut or escaped before. */
const SHOWN: readonly string[] = [
  ' ',
  '\n',
  '`',
  '|',
  '<',
  'a-',
  '://a@',
  ' \n',
  '\u001b',
  '\u202e',
  '👩\u200d',
  '/tmp/',
];

export interface AwkwardUnits {
  /** Fed to each function and each option. */
  readonly fed: readonly string[];
  /** Rendered in each document. */
  readonly shown: readonly string[];
}

export const ALL_AWKWARD: AwkwardUnits = { fed: AWKWARD, shown: SHOWN };

function repeated(units: readonly string[]): readonly { readonly unit: string; readonly long: string }[] {
  return units.map((unit) => ({ unit, long: unit.repeat(Math.ceil(LENGTH / unit.length)) }));
}

/** CPU time. `/\s+$/` on 200 kB of spaces and a letter, which is quadratic, took 16 s (2026-11-27, Node 20.20.2). */
const LINEAR_MS = 4000;

/** Declares the tests, with these units. */
export function testAwkwardTexts({ fed: fedUnits, shown: shownUnits }: AwkwardUnits): void {
  describe.each(repeated(fedUnits))('200 kB of $unit', ({ long }) => {
    it('take no function of text more time than linear ones do', () => {
      const all = [...FUNCTIONS.map(([, functions]) => functions), SINGLE].flatMap(Object.entries<Feed>);
      const fed = all.flatMap(([name, feed]) => (feed === 'no text' ? [] : [[name, cpuMs(() => feed(long))] as const]));
      expect(fed.filter(([, ms]) => ms > LINEAR_MS)).toEqual([]);
    });

    it('take no option more time than linear ones do', () => {
      const options = COMMANDS.flatMap(optionsOf).filter(([, { kind }]) => kind.takes !== 'nothing');
      const fed = options.map(([name, { kind }]) => [name, cpuMs(() => kind.parse([long], `--${name}`))] as const);
      expect(fed.filter(([, ms]) => ms > LINEAR_MS)).toEqual([]);
    });
  });

  it.each(repeated(shownUnits))(
    '200 kB of $unit are rendered in every document, and a terminal obeys none of it',
    async ({ long }) => {
      const results = hostile(long);
      const documents = {
        comparison: comparisonDocument(compareRuns([results], results, 0.05)),
        diagnosis: diagnosisDocument(diagnosisOf({ sentences: [long] }, { cpuModel: long, governor: long })),
        lessons: lessonsDocument(
          { ...LESSONS, startedAt: long, lessons: LESSONS.lessons.map((lesson) => ({ ...lesson, origin: long })) },
          { isFull: true },
        ),
      };
      const said = [await renderTerminal(results, plainPaint)];
      for (const [name, document] of Object.entries(documents)) {
        expect(
          cpuMs(() => said.push(dressTerminal(document, plainPaint), dressMarkdown(document))),
          name,
        ).toBeLessThan(3000);
      }
      for (const { file, render } of Object.values(FORMATS).flat()) {
        const before = process.cpuUsage();
        said.push(await render(results));
        const { user } = process.cpuUsage(before);
        expect(user / 1000, file).toBeLessThan(6000);
      }
      for (const one of said) expect(OBEYED.exec(one)?.[0]).toBeUndefined();
    },
  );

  it('every function of these modules is fed, or known to take no text', () => {
    for (const [module, functions] of FUNCTIONS)
      expect(Object.keys(module).toSorted()).toEqual(Object.keys(functions).toSorted());
  });
}
