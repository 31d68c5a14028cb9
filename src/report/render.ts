import { promisify } from 'node:util';
import { gzip, constants as zlibConstants } from 'node:zlib';
import type { Results } from '../model/results.ts';
import { jsonText } from '../model/text.ts';
import { dressMarkdown, MARK, shorten, type Detail } from './dress/markdown.ts';
import { dressTerminal } from './dress/terminal.ts';
import type { Paint } from './dress/tones.ts';
import { resultsDocument } from './results-document.ts';
import type { Deployment } from './tuning/deployment.ts';

/** A comment on GitHub may have 65,536 characters; the rest is left for text around the report. */
const LIMIT_BYTES = 60_000;
const ALL = Number.POSITIVE_INFINITY;
/** Levels of detail, from everything to so little that it always fits. */
const DETAILS: readonly Detail[] = [
  { rows: ALL, groups: ALL, items: ALL, without: 'the timelines' },
  {
    rows: 12,
    groups: ALL,
    items: 20,
    without: 'the timelines and all but the 12 fastest configurations of each workload',
  },
  {
    rows: 3,
    groups: 40,
    items: 10,
    without: 'the timelines, all but the 3 fastest configurations of each workload, and all but the first 40 workloads',
  },
  ...[200, 100, 40, 10].map((groups) => ({
    rows: 0,
    groups,
    items: 5,
    without: `all but the verdicts of the first ${groups} workloads`,
  })),
];
const LEAST: Detail = { rows: 0, groups: 10, items: 1, without: 'most of it' };

/**
 * Renders the report for a pull request or a job summary: verdicts, numbers, method. Never longer than such a place can
 * hold: what does not fit is left out, and the report says so.
 */
export async function renderMarkdown(results: Results): Promise<string> {
  const document = await resultsDocument(results);
  for (const detail of [undefined, ...DETAILS]) {
    const text = dressMarkdown(detail === undefined ? document : shorten(document, detail));
    if (Buffer.byteLength(text) <= LIMIT_BYTES) return `${text}${MARK}`;
  }
  return `${cut(dressMarkdown(shorten(document, LEAST)))}${MARK}`;
}

/** Truncates at the end of a line, since names can be longer than any limit. */
function cut(text: string): string {
  const note = '\n\n(truncated here)\n';
  const start = Buffer.from(text)
    .subarray(0, LIMIT_BYTES - Buffer.byteLength(note))
    .toString();
  return `${start.slice(0, Math.max(start.lastIndexOf('\n'), 0))}${note}`;
}

export function renderJson(results: Results): string {
  return jsonText(results, 2);
}

/**
 * Renders the report for a terminal: verdicts, for each workload a table and a timeline, then the warnings.
 *
 * @param where the code of a tuning will run, if results do not hold it
 */
export async function renderTerminal(results: Results, paint: Paint, where?: Deployment): Promise<string> {
  return dressTerminal(await resultsDocument(results, where), paint);
}

/** Up to this size, better compression is worth its time. */
const SMALL = 4_000_000;
/** A third of the default's time, a tenth larger. */
const FAST = 3;
// Digits rarely repeat: with Z_FILTERED the data is 2% smaller than with the default strategy.

/** Renders the report as one self-contained page: no network, readable without scripts, its data included. */
export async function renderHtml(results: Results): Promise<string> {
  // Loaded only if a page is wanted.
  const { dressPage } = await import('./dress/page.tsx');
  const json = JSON.stringify(results);
  const level = json.length < SMALL ? zlibConstants.Z_BEST_COMPRESSION : FAST;
  // Runs on libuv's threads while the figures are drawn here.
  const packing = promisify(gzip)(json, { level, strategy: zlibConstants.Z_FILTERED });
  return dressPage(
    await resultsDocument(results),
    packing.then((packed) => packed.toString('base64')),
  );
}
