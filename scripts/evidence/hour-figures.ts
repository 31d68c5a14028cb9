/** Figures from the records of `npm run evidence:hour`, beside its goals. */
import { markdownTable } from 'markdown-table';
import { median } from '../../src/stats/quantile.ts';
import type { HourRecord, TwinsRecord } from './hour-goals.ts';
import { spreadsOf, warmingOf } from './repeated-runs.ts';
import { differencesIn, effectsIn } from './twin-contrasts.ts';

/** Tables and sentences in Markdown, of what was measured. */
export function figuresOf(records: readonly HourRecord[]): readonly string[] {
  const twins = records.filter((record) => record.kind === 'twins');
  return [...effectFigures(twins), ...spreadFigures(records), ...warmingFigures(records), ...paddingFigures(twins)];
}

function percent(log: number): string {
  return `${(Math.expm1(log) * 100).toFixed(1)}%`;
}

function effectFigures(records: readonly TwinsRecord[]): readonly string[] {
  const effects = effectsIn(records);
  const known = [...new Set(effects.map(({ slowdown }) => slowdown))];
  if (known.length === 0) return [];
  const rows = known.map((slowdown) => {
    const own = effects.filter((effect) => effect.slowdown === slowdown).map(({ found }) => found);
    const times = own.map(({ estimate }) => Math.exp(-estimate).toFixed(3));
    const holding = own.filter(({ interval: { lo, hi } }) => lo <= -Math.log(slowdown) && -Math.log(slowdown) <= hi);
    return [`${slowdown}×`, times.join(', '), `${holding.length} of ${own.length}`];
  });
  return [
    'Known effects on the event loop, as measured (`cpu` and `io` in turns; latencies of whole milliseconds):',
    markdownTable([['more work', 'measured', '95% CI holds it'], ...rows], { align: ['l', 'l', 'r'] }),
  ];
}

function spreadFigures(records: readonly HourRecord[]): readonly string[] {
  const spreads = spreadsOf(records.filter((record) => record.kind === 'long'));
  if (spreads.length === 0) return [];
  return [
    'Runs of the same code over the hour (standard deviation of their typical batch, and what their blocks explain):',
    markdownTable(
      [
        ['configuration', 'runs', 'runs differ by', 'blocks explain'],
        ...spreads.map(({ cell, runs, between, within }) => [cell, String(runs), percent(between), percent(within)]),
      ],
      { align: ['l', 'r', 'r', 'r'] },
    ),
  ];
}

/** Beside later rounds of the same hosts. */
export function warmingFigures(records: readonly HourRecord[]): readonly string[] {
  const warmings = records.filter((record) => record.kind === 'rounds').flatMap(warmingOf);
  if (warmings.length === 0) return [];
  return [
    'Speedup over the event loop in early rounds, less that in the later half of the rounds of the same hosts (V1):',
    markdownTable(
      [
        ['configuration', 'rounds 1–3 (95% CI)', 'rounds 4–6', '7–9', '10–12', '13–15'],
        ...warmings.map(({ cell, bias, interval, later }) => [
          cell,
          `${percent(bias)}${interval === undefined ? '' : ` (${percent(interval.lo)} to ${percent(interval.hi)})`}`,
          ...Array.from({ length: 4 }, (_, index) => (later[index] === undefined ? '' : percent(later[index]))),
        ]),
      ],
      { align: ['l', 'r', 'r', 'r', 'r', 'r'] },
    ),
  ];
}

/** Whether hosts with environments of random sizes differ more than those with the same one. */
function paddingFigures(records: readonly TwinsRecord[]): readonly string[] {
  const spreadOf = (way: TwinsRecord['way'], strategy: string): number | undefined => {
    const sizes = records
      .filter(
        (record) =>
          record.way === way && record.strategy === strategy && record.preset === 'quick' && record.workload === 'cpu',
      )
      .flatMap((record) => differencesIn(record, 1).flat())
      .map(Math.abs);
    return sizes.length === 0 ? undefined : median(sizes);
  };
  const parts = [...new Set(records.map(({ strategy }) => strategy))].flatMap((strategy) => {
    const [plain, padded] = [spreadOf('quiet', strategy), spreadOf('padded', strategy)];
    return plain === undefined || padded === undefined ? [] : [`${strategy} ${percent(padded)} and ${percent(plain)}`];
  });
  return parts.length === 0
    ? []
    : [
        `Environments of random sizes (0 to 8 KiB in every host): identical twins of \`cpu\` differ in a block by a median of, with and without: ${parts.join('; ')}.`,
      ];
}
