import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processesWith } from '../../dist/scripts/reliability/processes.js';
import { LESSONS } from '../../dist/src/lessons/catalogue.js';
import { CHROMIUM, openBrowser } from '../support/chromium.js';
import { lanewise, startLanewise, type Outcome } from '../support/lanewise.js';
import { faultsOf, openPage, VIEWS } from '../support/open-page.js';
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

    it.each(VIEWS)('are one page without requests and accessibility violations (axe): %j', async (view) => {
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

  // Windows does not have its locale in the environment.
  it.skipIf(process.platform === 'win32').each([
    ['pt_BR.UTF-8', 'espera'],
    ['C', 'delay'],
  ])('speak the language of the system: %s', async (locale, word) => {
    const { stdout } = await lessons(['one-awaited', '--json'], { LC_ALL: locale });
    const {
      lang,
      lessons: [lesson],
    } = JSON.parse(stdout) as Taught;
    expect(lang).toBe(locale === 'C' ? 'en' : 'pt');
    expect(lesson?.claims[0]?.text).toContain(word);
  });

  it('have colours if requested', async () => {
    const { stdout } = await lessons(['one-awaited', '--color']);
    expect(stdout).toContain('\u001b[32m✓');
  });
});

it('lists all lessons', async () => {
  const { stdout, status } = await lessons(['--list']);
  expect(status).toBe(0);
  for (const { id } of LESSONS) expect(stdout).toContain(id);
  const { stdout: json } = await lessons(['--list', '--json', '--lang', 'pt']);
  expect((JSON.parse(json) as Taught).lessons[0]).toEqual({
    id: 'concurrency-is-not-parallelism',
    origin: 'texto: concorrência e paralelismo',
    title: 'Concorrência não é paralelismo',
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

  it.each(['async-all-the-way-down', 'start-the-loop', 'concurrency-is-not-parallelism', 'open-and-closed'])(
    'runs from any folder, even if it imports other files: %s',
    async (id) => {
      const { stdout: code } = await lessons([id, '--code']);
      await folder.file('copy.mjs', code);
      const { status, stdout } = await lessons([id, '--from', 'copy.mjs']);
      expect(stdout).toContain('claims of the lesson hold.');
      expect(status).toBe(0);
    },
  );

  it('that cannot be run exits with 1 after one attempt', async () => {
    await folder.file(
      'mine.mjs',
      'export default { task() {}, async experiment() { throw new Error("no \u001b[31mgood") } }',
    );
    const { status, stdout } = await lessons(['nested-groups', '--from', 'mine.mjs', '--json']);
    expect(status).toBe(1);
    const [lesson] = (JSON.parse(stdout) as Taught).lessons;
    expect(lesson).toMatchObject({
      pass: false,
      attempts: 1,
      claims: [],
      modifiedCopy: 'mine.mjs',
      error: 'Error: no [31mgood',
    });
  });
});

it('ends at Ctrl-C with the results so far, and leaves nothing running', async () => {
  const mark = `lessons-${randomUUID()}`;
  const left = (): readonly string[] => processesWith(mark).filter((line) => !line.includes('guard.js'));
  const child = startLanewise(['lessons', 'await-in-a-loop', 'one-awaited', '--unit', '1s', '--json'], {
    cwd: folder.path,
    env: { MARK: mark },
  });
  let stdout = '';
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  await expect.poll(() => left().some((line) => line.includes('host.js')), { timeout: 30_000 }).toBe(true);
  child.kill('SIGINT');
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(130);
  expect((JSON.parse(stdout) as Taught).complete).toBe(false);
  await expect.poll(left).toEqual([]);
});
