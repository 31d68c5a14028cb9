import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export interface View {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
  readonly javaScriptEnabled?: boolean;
}

export const PHONE: View = { width: 390, colorScheme: 'dark' };
/** On a screen and on a phone, light and dark: colours do not depend on the width. */
export const VIEWS: readonly View[] = [{ width: 1280, colorScheme: 'light' }, PHONE];

export interface Opened {
  readonly page: Page;
  /** Messages, errors and requests of anything but the page itself. */
  readonly heard: readonly string[];
}

/** Opens a page that needs no network, and listens to what it says and asks for. */
export async function openPage(browser: Browser, url: string, { width, ...view }: View): Promise<Opened> {
  const context = await browser.newContext({ ...view, viewport: { width, height: 900 }, offline: true });
  const page = await context.newPage();
  const heard: string[] = [];
  page.on('console', (message) => heard.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => heard.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    heard.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const requested = request.url();
    if (requested !== url && !requested.startsWith('data:image/svg+xml')) heard.push(`request: ${requested}`);
  });
  await page.goto(url);
  return { page, heard };
}

/** What axe finds fault with, and where. */
export async function faultsOf(page: Page): Promise<readonly (readonly [string, readonly string[]])[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run(),
  );
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))] as const);
}
