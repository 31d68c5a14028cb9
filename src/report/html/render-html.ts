import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip, constants as zlibConstants } from 'node:zlib';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Results } from '../../model/results.ts';
import { displayable } from '../displayable.ts';
import { drawFigures } from '../figures/figures.ts';
import { groupResults } from '../../stats/groups.ts';
import { Page } from './page.tsx';

const SCRIPT = new URL('../../../browser/page.js', import.meta.url);

/** Up to here a page is passed on as it is, and a twentieth of its size is worth the time. */
const SMALL = 4_000_000;
/** Three times as fast as the default, and a tenth larger. */
const FAST = 3;
// Of digits, few are found again elsewhere: Z_FILTERED makes 2 % less of them than the default strategy.

/** The report as one page that needs nothing else: no network, no script to be read, its data inside. */
export async function renderHtml(results: Results): Promise<string> {
  const shown = displayable(results);
  const groups = groupResults(shown);
  const script = await readFile(SCRIPT, 'utf8');
  const json = JSON.stringify(results);
  const level = json.length < SMALL ? zlibConstants.Z_BEST_COMPRESSION : FAST;
  // On another thread, while the figures are drawn on this one.
  const packing = promisify(gzip)(json, { level, strategy: zlibConstants.Z_FILTERED });
  const figures = drawFigures(groups, shown);
  const data = (await packing).toString('base64');
  const page = h(Page, { results: shown, groups, figures, script, data });
  return `<!doctype html>\n${renderToString(page)}\n`;
}
