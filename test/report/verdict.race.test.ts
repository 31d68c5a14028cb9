import { expect, it } from 'vitest';
import type { MeasuredCell } from '../../dist/src/model/results.js';
import { numbersTable } from '../../dist/src/report/columns.js';
import { headline, findingOf } from '../../dist/src/report/finding.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { cellOf, resultsOf } from '../support/results.js';

const LOOP = cellOf({ id: 'work/event-loop', wallsMs: [100] });
const FAR = { behind: { lo: 3, hi: 4 }, speedup: { lo: 0.25, hi: 0.33 }, isSlower: true };
const SAME = {
  behind: { lo: 0.99, hi: 1.01 },
  speedup: { lo: 0.99, hi: 1.01 },
  isSlower: false,
  isSameProgram: true,
} as const;

const dropped = (id: string, out: MeasuredCell['dropped'], starts = 2): MeasuredCell => ({
  ...cellOf({ id, wallsMs: [100] }),
  startsMs: Array.from({ length: starts }, () => 100),
  ...(out && { dropped: out }),
});

/** What is said of the event loop, which a race has left, and of those it has dropped. */
function found(...out: readonly MeasuredCell[]) {
  const choice = { workload: 'work', params: {}, choose: LOOP.id, fastest: LOOP.id, tied: [LOOP.id], because: '' };
  const groups = groupResults(resultsOf({ cells: [LOOP, ...out], recommendations: [choice] }));
  const notes = groups.map(findingOf).flatMap(({ details, blocks }) => [details, blocks]);
  return { headline: headline(groups), text: JSON.stringify(notes) };
}

const FOUR = [2, 4].flatMap((size) => [
  dropped(`work/worker-threads@${size}`, FAR),
  dropped(`work/child-processes@${size}`, { ...FAR, behind: { lo: 2.5, hi: 6.4 } }, 3),
]);

it('a race that has dropped all workers shows that they are slower, whatever runs the same program', () => {
  const { headline: said, text } = found(dropped('work/worker-threads@2', FAR), dropped('work/sequential', SAME));
  expect(said).toEqual(['work (CPU-bound): stay on the event loop']);
  expect(text).toContain('Every configuration with workers is slower.');
});

it('what is not shown to be slower is not called so, dropped or interrupted', () => {
  const doubted = { ...FAR, isSlower: false };
  expect(found(dropped('work/worker-threads@2', FAR), dropped('work/child-processes@2', doubted)).text).not.toContain(
    'is slower',
  );
  const cells = [LOOP, dropped('work/worker-threads@2', FAR)];
  const verdictIn = (interrupted: boolean): unknown => {
    const workloads = resultsOf().workloads.map((each) => ({
      ...each,
      ...(interrupted && { interrupted: true as const }),
    }));
    const [group] = groupResults(resultsOf({ cells, workloads, complete: !interrupted }));
    if (group === undefined) return undefined;
    const { columns, rows } = numbersTable(group);
    return rows[1]?.cells[columns.findIndex(({ title }) => title === 'verdict')]?.text;
  };
  expect([verdictIn(false), verdictIn(true)]).toEqual(['slower', 'far behind']);
});

it('a race that has dropped nothing but the same program shows nothing to be slower', () => {
  expect(found(dropped('work/sequential', SAME)).text).not.toContain('slower');
});

it('what a race has dropped is named with how far it was behind, but not the same program', () => {
  const { text } = found(...FOUR, dropped('work/sequential', SAME));
  expect(text).toContain(
    'Dropped after 2 or 3 fresh starts, 2.50–6.40× the time of the fastest in each: 2 worker threads, 2 child processes, 4 worker threads, 4 child processes.',
  );
  expect(found(dropped('work/worker-threads@2', FAR)).text).toContain('Dropped after 2 fresh starts, 3.00–4.00×');
  expect(found(dropped('work/sequential', SAME)).text).not.toContain('fresh starts');
  expect(found().text).not.toContain('fresh starts');
});

it('the same program has no speedup in the table, whatever its first starts took', () => {
  const out = { ...SAME, speedup: { lo: 1.65, hi: 2.31 } };
  const [group] = groupResults(resultsOf({ cells: [LOOP, dropped('work/sequential', out)] }));
  const rows = group === undefined ? [] : numbersTable(group).rows;
  const texts = rows.flatMap(({ cells }) => cells.map(({ text }) => text));
  expect(texts).toEqual(expect.arrayContaining(['not compared', 'same program']));
  expect(JSON.stringify(texts)).not.toMatch(/dropped|2\.31/);
});

it('the same program is named once, with what was compared of it', () => {
  expect(found(dropped('work/sequential', SAME)).text).toContain(
    'Identical: no task waits, so sequential and the event loop are the same program; a difference between them is noise. Where it says “not compared”, a race left it out after its first starts.',
  );
  const limited = { ...dropped('work/event-loop@1x4', SAME), concurrency: 4 };
  expect(found(limited, dropped('work/sequential', SAME)).text).toContain(
    'Identical: no task waits, so one task at a time and several at once are the same program on the event loop;',
  );
});
