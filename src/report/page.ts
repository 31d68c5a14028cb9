import { promisify } from 'node:util';
import { gzip, constants as zlibConstants } from 'node:zlib';
import type { Results } from '../model/results.ts';
import { dressPage } from './dress/page.tsx';
import { resultsDocument } from './results-document.ts';

/** Up to here a page is passed on as it is, and a twentieth of its size is worth the time. */
const SMALL = 4_000_000;
/** Three times as fast as the default, and a tenth larger. */
const FAST = 3;
// Of digits, few are found again elsewhere: Z_FILTERED makes 2% less of them than the default strategy.

/** The report as one page that needs nothing else: no network, no script to be read, its data inside. */
export async function renderHtml(results: Results): Promise<string> {
  const json = JSON.stringify(results);
  const level = json.length < SMALL ? zlibConstants.Z_BEST_COMPRESSION : FAST;
  // On another thread, while the figures are drawn on this one.
  const packing = promisify(gzip)(json, { level, strategy: zlibConstants.Z_FILTERED });
  return dressPage(
    resultsDocument(results),
    packing.then((packed) => packed.toString('base64')),
  );
}
