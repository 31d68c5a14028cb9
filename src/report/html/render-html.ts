import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Results } from '../../model.ts';
import { displayable } from '../displayable.ts';
import { drawFigures } from '../figures/figures.ts';
import { groupResults } from '../groups.ts';
import { Page } from './page.tsx';

const SCRIPT = new URL('../../../browser/page.js', import.meta.url);

/** The report as one page that needs nothing else: no network, no script to be read, its data inside. */
export async function renderHtml(results: Results): Promise<string> {
  const shown = displayable(results);
  const groups = groupResults(shown);
  const script = await readFile(SCRIPT, 'utf8');
  const packed = await promisify(gzip)(JSON.stringify(results), { level: 9 });
  const page = h(Page, {
    results: shown,
    groups,
    figures: drawFigures(groups, shown),
    script,
    data: packed.toString('base64'),
  });
  return `<!doctype html>\n${renderToString(page)}\n`;
}
