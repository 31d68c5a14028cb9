/** Commands that measure on Windows, with its paths, its line ends, and without `/proc`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Compile } from 'typebox/compile';
import type { Results } from '../../../dist/src/model/results.js';
import { resultsSchema } from '../../../dist/src/model/results-schema.js';
import { useTempFolder } from '../../support/temp-folder.js';
import { hasWine, underWine, windowsPath } from '../../support/wine.js';

/** Its name has spaces and a letter that is not ASCII. */
const folder = useTempFolder();
const windows = (...names: string[]): string => windowsPath(join(folder.path, ...names));
const on = (...args: readonly string[]): ReturnType<typeof underWine> => underWine(args, folder.path);
const crlf = (text: string): string => text.replaceAll('\n', '\r\n');
/** A module of this package, for one outside it, on the drive that Wine gives this system. */
const url = (path: string): string => new URL(path, import.meta.url).href.replace('file:///', 'file:///Z:/');

beforeAll(async () => {
  await folder.file(
    'Arbeit ü.mjs',
    crlf(`export default {
      bound: 'cpu',
      task: ({ n }) => {
        let sum = 0;
        for (let step = 0; step < 200_000 * n; step++) sum = (Math.imul(sum, 31) + step) | 0;
        return sum;
      },
    };`),
  );
  await folder.file('inputs.ndjson', crlf('{"n":1}\n{"n":2}\n'));
  await folder.file('lanewise.config.json', crlf('{\n  "seed": 7\n}\n'));
  const strategy = await readFile(new URL('../../../examples/strategies/turn-by-turn.js', import.meta.url), 'utf8');
  await folder.file(
    'turn-by-turn.mjs',
    strategy
      .replace('lanewise/lane', url('../../../dist/workers/own-lane.js'))
      .replace('lanewise/strategy', url('../../../dist/src/strategy.js')),
  );
});

describe.skipIf(!hasWine)('on Windows', () => {
  it('measures lessons', async () => {
    const { stdout, stderr } = await on('lessons', 'one-awaited', 'start-the-loop', '--json', '--lang', 'en');
    const { lessons } = JSON.parse(stdout) as { lessons: readonly { id: string; claims: readonly unknown[] }[] };
    expect(lessons.map(({ id }) => id).toSorted(), stderr).toEqual(['one-awaited', 'start-the-loop']);
    // Whether they hold depends on durations.
    for (const lesson of lessons) {
      expect(lesson).not.toHaveProperty('error');
      expect(lesson.claims.length).toBeGreaterThan(0);
    }
  });

  describe('a run', () => {
    const least = ['--preset', 'quick', '--blocks', '7', '--rounds', '1', '--no-upper-bound'];
    let outcome: Awaited<ReturnType<typeof underWine>>;
    let results: Results;

    beforeAll(async () => {
      const strategies = String.raw`event-loop,worker-threads,child-processes,.\turn-by-turn.mjs`;
      const inputs = String.raw`.\inputs.ndjson`;
      // The module is given as a URL, which has the drive, too.
      const module = pathToFileURL(join(folder.path, 'Arbeit ü.mjs')).href.replace('file:///', 'file:///Z:/');
      outcome = await on(
        'run',
        module,
        '-s',
        strategies,
        '-p',
        '1',
        '--inputs',
        inputs,
        ...least,
        '--out',
        windows('Bericht ü'),
      );
      results = JSON.parse(readFileSync(join(folder.path, 'Bericht ü', 'results.json'), 'utf8')) as Results;
    }, 600_000);

    it('measures all strategies, with inputs and a configuration whose lines end as on Windows', () => {
      expect(outcome.status, outcome.stderr).toBe(0);
      expect(Compile(resultsSchema).Errors(results)).toEqual([]);
      expect(results.seed).toBe(7);
      expect(results.cells.map(({ strategy, status }) => [strategy, status])).toEqual([
        ['event-loop', 'ok'],
        ['worker-threads', 'ok'],
        ['child-processes', 'ok'],
        ['turn-by-turn', 'ok'],
      ]);
      const left = results.cells.filter(({ dropped }) => dropped === undefined);
      expect(left.length).toBeGreaterThan(0);
      for (const { samples } of left) expect(samples).toHaveLength(7);
    });

    it('has CPU times, and nothing for what Windows does not report', () => {
      for (const cell of results.cells) {
        for (const { cpuMs } of cell.samples) expect(cpuMs).toBeGreaterThanOrEqual(0);
        expect(cell.samples.every(({ contextSwitches }) => contextSwitches === null)).toBe(true);
        expect(cell).toMatchObject({ status: 'ok', summary: { memoryMiB: null } });
      }
    });

    it('writes all files, none with the path of a folder, and leaves no temporary one', () => {
      const written = readdirSync(join(folder.path, 'Bericht ü')).toSorted();
      expect(written).toEqual([
        'cells.csv',
        'index.html',
        'report.md',
        'results.json',
        'samples.csv',
        'samples.ndjson',
        'trace.json',
      ]);
      for (const name of written) {
        const text = readFileSync(join(folder.path, 'Bericht ü', name), 'utf8');
        expect(text).not.toMatch(/Z:[\\/]|Temp ü/);
      }
      const temporary = join(folder.path, 'Temp ü');
      expect(existsSync(temporary)).toBe(true);
      expect(readdirSync(temporary)).toEqual([]);
    });

    it('is reported again, and compared with a later one', async () => {
      const file = String.raw`Bericht ü\results.json`;
      const later = { ...results, startedAt: new Date(Date.parse(results.startedAt) + 1000).toISOString() };
      await folder.file('später.json', JSON.stringify(later));
      const [again, compared] = await Promise.all([
        on('report', file),
        on('compare', file, windows('später.json'), '--fail-on', 'never'),
      ]);
      expect(again.status, again.stderr).toBe(0);
      expect(again.stdout).toBe(outcome.stdout);
      expect(compared.status, compared.stderr).toBe(0);
    }, 300_000);
  });

  it('tunes, and prints the configuration to paste', async () => {
    const args = [
      '-s',
      'event-loop,child-processes',
      '-p',
      '1',
      '-n',
      '2',
      '--blocks',
      '8',
      '--rounds',
      '1',
      '--no-upper-bound',
    ];
    const { status, stdout, stderr } = await on('tune', String.raw`.\Arbeit ü.mjs`, '--input', '{"n":2}', ...args);
    expect(status, stderr).toBe(0);
    expect(stdout).toContain('What it costs');
  }, 600_000);
});
