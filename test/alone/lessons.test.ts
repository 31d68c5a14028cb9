import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LESSONS } from '../../dist/src/lessons/catalogue.js';
import { CHROMIUM, openBrowser } from '../support/chromium.js';
import { lanewise, type Outcome } from '../support/lanewise.js';
import { faultsOf, openPage } from '../support/open-page.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const lessons = (args: readonly string[], env = {}): Promise<Outcome> =>
  lanewise(['lessons', ...args], { cwd: folder.path, env: { LC_ALL: 'C', ...env } });

/** The JSON for other programs. */
interface Taught {
  readonly schema: string;
  readonly unitMs: number;
  readonly lang: string;
  readonly seed: number;
  readonly complete: boolean;
  readonly lessons: readonly {
    readonly id: string;
    readonly title: string;
    readonly strategy: string;
    readonly poolSize: number;
    readonly durationMs: number;
    readonly pass: boolean;
    readonly attempts: number;
    readonly claims: readonly { text: string; expected: unknown; measured: unknown; pass: boolean }[];
    readonly error?: string;
  }[];
}

describe('all lessons', () => {
  let outcome: Outcome;
  let taught: Taught;

  beforeAll(async () => {
    outcome = await lessons(['--format', 'html,json', '--seed', '5', '--lang', 'pt']);
    taught = JSON.parse(await readFile(join(folder.path, 'lanewise-report', 'lessons.json'), 'utf8')) as Taught;
  }, 120_000);

  it('hold, and have a scoreboard that fits 80 columns', () => {
    expect(outcome.stdout, outcome.stdout).toContain('afirmações das 19 lições se confirmaram.');
    expect(outcome.status).toBe(0);
    for (const { id } of LESSONS) expect(outcome.stdout).toContain(id);
    for (const line of outcome.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    expect(outcome.stdout).not.toContain('\u001b');
    expect(outcome.stderr).toContain('lessons.html');
  });

  it('have an entry for each configuration in their JSON', () => {
    expect(taught).toMatchObject({ schema: 'lanewise/lessons@1', unitMs: 40, lang: 'pt', seed: 5, complete: true });
    expect([...new Set(taught.lessons.map(({ id }) => id))]).toEqual(LESSONS.map(({ id }) => id));
    for (const { claims, attempts, durationMs, pass, id } of taught.lessons) {
      expect(claims.length, id).toBeGreaterThan(0);
      expect(pass).toBe(claims.every((claim) => claim.pass));
      expect(attempts).toBeGreaterThanOrEqual(1);
      expect(attempts).toBeLessThanOrEqual(3);
      expect(durationMs).toBeGreaterThan(0);
      for (const { text, expected, measured } of claims) {
        expect(text).not.toBe('');
        expect(expected).toBeDefined();
        expect(measured).toBeDefined();
      }
    }
  });

  describe.skipIf(CHROMIUM === undefined)('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openBrowser();
    });
    afterAll(() => browser.close());

    it('are one page without requests and accessibility violations (axe)', async () => {
      const view = { width: 390, colorScheme: 'dark' } as const;
      const url = pathToFileURL(join(folder.path, 'lanewise-report', 'lessons.html')).href;
      const { page, heard } = await openPage(browser, url, view);
      expect(await page.locator('html').getAttribute('lang')).toBe('pt-BR');
      expect(await page.locator('h2').count()).toBe(LESSONS.length + 1);
      const pictures = await page.locator('svg[role=img]').evaluateAll((all) => all.map((svg) => svg.clientHeight));
      expect(pictures).toHaveLength(LESSONS.length);
      expect(Math.min(...pictures)).toBeGreaterThan(60);
      expect(await page.locator('pre').count()).toBeGreaterThanOrEqual(LESSONS.length);
      expect(await page.locator('#theme label').textContent()).toContain('Tema');
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(view.width);
      expect(await faultsOf(page)).toEqual([]);
      expect(heard).toEqual([]);
      await page.context().close();
    });
  });
});

describe('some lessons', () => {
  it('are shown in full: idea, code, what the tutorial says, timeline, claims with their numbers', async () => {
    const { status, stdout } = await lessons(['nested-*', 'one-awaited', '--seed', '1']);
    expect(status).toBe(0);
    for (const text of [
      'Groups in a group',
      'nested-groups · In [17]',
      'const group1 = Promise.all([task(0), task(1), task(2)]);',
      'The tutorial says: Two groups of three tasks',
      '✓ the total is near 40 ms (one delay), not 80 ms (one group after the other):',
      'Timeline, 0–',
      'The tutorial is “Corotines”, a Jupyter notebook',
      '  main thread      1',
      'All 4 claims of 2 lessons hold.',
      'one tutorial second: 40 ms · seed 1',
    ])
      expect(stdout).toContain(text);
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('have colours if requested', async () => {
    const { stdout } = await lessons(['one-awaited', '--color']);
    expect(stdout).toContain('\u001b[32m✓');
  });
});

describe('a modified copy of a lesson', () => {
  it('runs in its place, is named, and exits with 1 after three attempts if its claims fail', async () => {
    const { stdout: code } = await lessons(['nested-groups', '--code']);
    expect(code).toContain('async experiment({ start })');
    expect(code).not.toContain('sourceMappingURL');
    await folder.file('mine.mjs', code.replace('const group1 = Promise.all(', 'const group1 = await Promise.all('));
    const { status, stdout } = await lessons(['nested-groups', '--from', 'mine.mjs']);
    expect(status).toBe(1);
    expect(stdout).toContain('The event loop (measured 3 times because a claim failed)');
    expect(stdout).toMatch(/✗ the total is near 40 ms \(one delay\), not 80 ms \(one group after the other\):\s+\d/);
    expect(stdout).toContain('✗ tasks in flight at once: 3 (expected 6)');
    expect(stdout).toContain('✓ the results are one list per group: [0, 1, 2], [3, 4, 5]');
    expect(stdout).toContain('modified copy of nested-groups: mine.mjs');
    expect(stdout).toContain('await Promise.all([task(0)');
    expect(stdout).toContain('2 of 3 claims fail.');
  });

  // The others are in test/e2e.
  it.each(['concurrency-is-not-parallelism'])(
    'runs from any folder, even if it imports other files: %s',
    async (id) => {
      const { stdout: code } = await lessons([id, '--code']);
      await folder.file('copy.mjs', code);
      const { status, stdout } = await lessons([id, '--from', 'copy.mjs']);
      expect(stdout).toContain('claims of the lesson hold.');
      expect(status).toBe(0);
    },
  );
});
