import { describe, expect, it } from 'vitest';
import { openAndClosed } from '../../../dist/src/lessons/catalogue/open-and-closed.js';
import { EVENT_LOOP } from '../../../dist/src/lessons/configurations.js';
import { lettersOf } from '../../../dist/src/report/lessons/timelines.js';
import { WORDS } from '../../../dist/src/report/lessons/words.js';
import { LESSONS } from '../../support/lessons-report.js';

type Requests = readonly (readonly [dueMs: number, answeredMs: number])[];

const SETTING = { configuration: EVENT_LOOP, unitMs: 40 };
/** The server computes from 400 to 600 ms. */
const [FROM_MS, UNTIL_MS] = [400, 600];

/** One request every 6 ms, answered after one; those that the server makes wait, when it is done. */
function requests(isMadeToWait: (index: number, dueMs: number) => boolean): Requests {
  return Array.from({ length: 200 }, (_, index) => {
    const dueMs = 6 * index;
    return [dueMs, 1 + (isMadeToWait(index, dueMs) ? UNTIL_MS : dueMs)];
  });
}

const isDuring = (dueMs: number): boolean => dueMs >= FROM_MS && dueMs < UNTIL_MS;
/** Two requests wait. */
const CLOSED = requests((index) => index === 67 || index === 68);
const OPEN = requests((_, dueMs) => isDuring(dueMs));

function check(closed: Requests, open: Requests) {
  const evidence = { result: { closed, open }, totalMs: 2400, phases: [], tasks: [], slices: [], lanesLost: 0 };
  return openAndClosed.checkClaims({ ...evidence, loopDelayMs: 0 }, SETTING);
}

const found = (closed: Requests, open: Requests) =>
  check(closed, open).claims.map(({ text, measured, pass }) => [text.en, measured, pass] as const);

describe('the claims of open-and-closed', () => {
  it('are about the quantiles, the longest latency and the number of long ones, closed and open', () => {
    expect(found(CLOSED, OPEN)).toEqual([
      ['open: as many requests as closed', 200, true],
      ['open: the time until the last answer is near 1195 ms (closed)', 1195, true],
      ['closed: p50 at most 100 ms (half the report)', 1, true],
      ['open: p50 at most 100 ms (half the report)', 1, true],
      // The 198th of 200, and a hundredth of the way to the 199th, which is 192 ms longer.
      ['closed: p99 at most 100 ms (half the report)', expect.closeTo(2.92), true],
      // Arrivals at 402, 408, 414 ms wait longest: 199, 193, 187 ms.
      ['open: p99 at least 100 ms (half the report)', expect.closeTo(187.06), true],
      ['closed: requests that took longer than 100 ms, one of each user', 2, true],
      // From 402 to 4100 ms.
      ['open: requests that took longer than 100 ms, one of everybody who came in the first half', 17, true],
      ['closed: max at least 100 ms (half the report)', 199, true],
      ['open: max at least 100 ms (half the report)', 199, true],
    ]);
  });

  it('fail if both loads see the same, and if neither sees anything', () => {
    const failing = (closed: Requests, open: Requests) =>
      found(closed, open).flatMap(([text, , pass]) => (pass ? [] : [text.replace(/ (?:at|that) .*/, '')]));
    expect(failing(OPEN, OPEN)).toEqual(['closed: p99', 'closed: requests']);
    expect(failing(CLOSED, CLOSED)).toEqual(['open: p99', 'open: requests']);
    const calm = requests(() => false);
    expect(failing(calm, calm)).toEqual([
      'open: p99',
      'closed: requests',
      'open: requests',
      'closed: max',
      'open: max',
    ]);
    expect(failing(CLOSED, OPEN.slice(1))).toEqual(['open: as many requests as closed']);
  });
});

it('the timeline of open-and-closed has a row for each load, from a second before the report to a second after it', () => {
  const { slices = [] } = check(CLOSED, OPEN);
  expect(slices.filter(({ lane }) => lane === 1).map(({ startMs }) => startMs)[0]).toBe(0);
  // Due at 402 ms, 42 ms after the left edge at 360; answered at 601.
  expect(slices.find(({ lane, startMs }) => lane === 1 && startMs === 42)?.endMs).toBe(241);
  expect(Math.max(...slices.map(({ startMs }) => startMs))).toBeLessThan(280);
  const [lesson] = LESSONS.lessons;
  const [configuration] = lesson?.configurations ?? [];
  if (lesson === undefined || configuration === undefined) throw new Error('there is no lesson');
  const [code] = lettersOf({ ...lesson, rows: ['closed', 'open'] }, { ...configuration, slices }, WORDS.en);
  const rows = code?.text.split('\n') ?? [];
  const openFrom = rows.findIndex((row) => row.startsWith('open'));
  expect(rows[0]).toMatch(/^closed/);
  // Two wait beside others that are answered at once; or all 33, and one that is due when they are answered.
  expect([openFrom, rows.length - openFrom]).toEqual([3, 34]);
});
