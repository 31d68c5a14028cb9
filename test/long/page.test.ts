import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/index.js';
import { renderHtml } from '../../dist/src/report/render.js';
import { CHROMIUM, openBrowser } from '../support/chromium.js';
import { lanewise, type Outcome } from '../support/lanewise.js';
import { faultsOf, openPage, PHONE, VIEWS, type Opened, type View } from '../support/open-page.js';
import { atRateOf, loadOf } from '../support/load-results.js';
import { HOSTILE, reportResults } from '../support/report-results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

if (CHROMIUM === undefined)
  process.stderr.write('No Chromium is installed: that the page opens in a browser is not tested here.\n');

/** Results of runs and tunings: nothing here rests on when they were measured. */
const RECORDED = fileURLToPath(new URL('../recorded/', import.meta.url));

const PAGE_COLORS = { light: 'rgb(245, 246, 248)', dark: 'rgb(13, 15, 19)' } as const;

const run = (command: string): Promise<Outcome> => lanewise(command.split(' '), { cwd: folder.path });
const report = (name: string, out: string): Promise<Outcome> =>
  lanewise(['report', `${RECORDED}${name}.json.gz`, '--format', 'html,json', '--quiet', '--out', out], {
    cwd: folder.path,
  });

describe.skipIf(CHROMIUM === undefined)('the page of a recorded run, in a browser', () => {
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    browser = await openBrowser();
    const written = await report('two-workloads', 'report');
    if (written.status !== 0) throw new Error(written.stderr);
    const results = JSON.parse(await readFile(join(folder.path, 'report', 'results.json'), 'utf8')) as Results;
    const later = { ...results, startedAt: new Date(Date.parse(results.startedAt) + 60_000).toISOString() };
    await writeFile(join(folder.path, 'later.json'), JSON.stringify(later));
    address = pathToFileURL(join(folder.path, 'report', 'index.html')).href;
  }, 120_000);

  afterAll(async () => {
    await browser.close();
  });

  const open = (url: string, view: View): Promise<Opened> => openPage(browser, url, view);

  /** Every figure, the requested colours, the data of results.json, and nothing else. */
  async function expectWhole({ page, heard }: Opened, { width, colorScheme }: View): Promise<void> {
    const figures = await page.locator('figure').evaluateAll((all) =>
      all.map((figure) => ({
        id: figure.id,
        sizes: [...figure.querySelectorAll('.panels svg')]
          .filter((svg) => svg.closest('.more') === null)
          .map((svg) => Math.min(svg.clientWidth, svg.clientHeight)),
      })),
    );
    expect(figures.map(({ id }) => id)).toEqual([
      'speedups',
      'timeline',
      'concurrency',
      'scaling',
      'responsiveness',
      'task-times',
    ]);
    for (const { id, sizes } of figures) {
      // One per workload.
      expect(sizes, id).toHaveLength(2);
      expect(Math.min(...sizes), id).toBeGreaterThan(60);
    }
    // Nothing is wider than the screen, except inside a scrollable box.
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(PAGE_COLORS[colorScheme]);
    const href = await page.locator('a[data-packed]').getAttribute('href');
    const packed = Buffer.from(href?.split(',')[1] ?? '', 'base64');
    const saved = JSON.parse(await readFile(join(folder.path, 'report', 'results.json'), 'utf8')) as unknown;
    expect(JSON.parse(gunzipSync(packed).toString())).toEqual(saved);
    expect(heard).toEqual([]);
  }

  it.each(VIEWS)('without scripts is complete, and makes no requests: %j', async (view) => {
    const opened = await open(address, { ...view, javaScriptEnabled: false });
    await expectWhole(opened, view);
    expect(await opened.page.locator('#theme select').count()).toBe(0);
    await opened.page.context().close();
  });

  it.each(VIEWS)('is complete, and has no requests and no accessibility violations (axe): %j', async (view) => {
    const opened = await open(address, view);
    const { page } = opened;
    expect(await page.locator('#theme select').count()).toBe(1);
    await page.locator('details').evaluateAll((all) => {
      for (const details of all) details.setAttribute('open', '');
    });
    await expectWhole(opened, view);
    expect(await faultsOf(page)).toEqual([]);
    await page.context().close();
  });

  it.each(['messages', 'json', 'gzip'])('is as narrow as the least width of WCAG, 320 px: %s', async (name) => {
    const file = new URL(`../../examples/gallery/reports/${name}/index.html`, import.meta.url);
    const { page } = await open(file.href, { width: 320, colorScheme: 'light' });
    await page.locator('details').evaluateAll((all) => {
      for (const details of all) details.setAttribute('open', '');
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.context().close();
  });

  it('sorts a table by a column in both directions, with empty cells last', async () => {
    const { page, heard } = await open(address, { width: 1280, colorScheme: 'light' });
    const table = page.locator('table.sortable').first();
    const column = (): Promise<number[]> =>
      table
        .locator('tbody tr td:nth-child(4)')
        .evaluateAll((cells) => cells.map((cell) => Number.parseFloat(cell.textContent)));
    const button = table.getByRole('button', { name: 'batch, ms' });
    await button.click();
    const rising = await column();
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    await button.press('Enter');
    expect(await column()).toEqual(rising.toReversed());
    expect(await table.locator('th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await table.getByRole('button', { name: 'strategy' }).click();
    expect(await table.locator('tbody tr th').first().textContent()).toContain('event-loop');
    expect(heard).toEqual([]);
    await page.context().close();
  });

  it('changes its theme with the switch', async () => {
    const { page } = await open(address, { width: 390, colorScheme: 'light' });
    await page.locator('#theme select').selectOption('dark');
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe(PAGE_COLORS.dark);
    await page.context().close();
  });

  it('saves the results as JSON', async () => {
    const { page } = await open(address, { width: 1280, colorScheme: 'light' });
    const downloading = page.waitForEvent('download');
    await page.locator('a[data-packed]').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('results.json');
    const saved = JSON.parse(await readFile(join(folder.path, 'report', 'results.json'), 'utf8')) as unknown;
    expect(JSON.parse(await readFile(await download.path(), 'utf8'))).toEqual(saved);
    await page.context().close();
  });

  it('prints in light colours in every theme, without the switch', async () => {
    const { page } = await open(address, { width: 1280, colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('h1').evaluate((head) => getComputedStyle(head).color)).toBe('rgb(27, 31, 36)');
    expect(await page.locator('#theme').isVisible()).toBe(false);
    // A table of so many columns has sheets of its own, turned, on which it can be read.
    expect(new Set(await areTurned(page))).toEqual(new Set([false, true]));
    await page.context().close();
  });

  it.each([HOSTILE, '"><svg onload=globalThis.pwned=1>', 'x'.repeat(300), '\u202eesrever\u0007'])(
    'executes no code in names: %j',
    async (name) => {
      const file = join(folder.path, 'hostile.html');
      await writeFile(file, await renderHtml(reportResults([{ workload: name, params: { [name]: name } }])));
      const { page, heard } = await open(pathToFileURL(file).href, {
        width: 390,
        colorScheme: 'light',
        javaScriptEnabled: true,
      });
      expect(await page.evaluate(() => 'pwned' in globalThis)).toBe(false);
      expect(await page.locator('img, iframe, body > svg:not(.patterns)').count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
      expect(heard).toEqual([]);
      await page.context().close();
    },
  );
});

async function reportLoad(): Promise<Outcome> {
  const load = loadOf(20);
  const cells = load.cells.map((cell) => ({ ...cell, rates: [atRateOf(40)] }));
  await writeFile(join(folder.path, 'load.json'), JSON.stringify({ ...load, cells }));
  return run('report load.json --format html --quiet --out loaded');
}

/** Other pages than that of a run, each made by its command; runs and tunings are recorded. */
const OTHERS: Readonly<Record<string, readonly [file: string, () => Promise<Outcome>]>> = {
  'a tuning': ['tuned/index.html', () => report('tuning', 'tuned')],
  'pool sizes with a model and a prediction': ['sizes/index.html', () => report('scaling', 'sizes')],
  'a scan with a crossover': ['scan/index.html', () => report('scan', 'scan')],
  'a comparison of two runs': [
    'compared/comparison.html',
    () => run('compare report later.json --fail-on never --quiet --out compared'),
  ],
  'a load': ['loaded/load.html', reportLoad],
  'a diagnosis': ['examined/diagnosis.html', () => run('doctor --facts --quiet --out examined')],
};

describe.skipIf(CHROMIUM === undefined)('the page, in a browser,', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterAll(async () => {
    await browser.close();
  });

  it.each(Object.entries(OTHERS))(
    'of %s has no accessibility violations (axe), and fits a phone',
    async (_what, [file, write]) => {
      const { status, stderr } = await write();
      expect(stderr).toBe('');
      expect(status).toBe(0);
      // On a screen it is dressed as the page above.
      const { page, heard } = await openPage(browser, pathToFileURL(join(folder.path, file)).href, PHONE);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width);
      expect(await faultsOf(page)).toEqual([]);
      expect(heard).toEqual([]);
      await page.context().close();
    },
  );

  it('of a load is printed turned from its first sheet, where its widest tables begin', async () => {
    expect(await reportLoad()).toMatchObject({ status: 0 });
    const address = pathToFileURL(join(folder.path, 'loaded', 'load.html')).href;
    const { page } = await openPage(browser, address, { width: 1280, colorScheme: 'light' });
    expect(await areTurned(page)).not.toContain(false);
    await page.context().close();
  });
});

/** Whether each sheet of the printed page is wider than high. */
async function areTurned(page: Opened['page']): Promise<readonly boolean[]> {
  const sheets = (await page.pdf({ preferCSSPageSize: true }))
    .toString('latin1')
    .matchAll(/MediaBox \[0 0 (\S+) (\S+)\]/g);
  return [...sheets].map(([, width, height]) => Number(width) > Number(height));
}
