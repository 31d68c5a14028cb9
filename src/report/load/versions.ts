/** Two versions of a workload under the same arrivals. */
import type { LoadCell, LoadResults, LoadWorkload } from '../../model/load.ts';
import { shownVerdict, type ShownVerdict } from '../../stats/compare.ts';
import { verdictSaid } from '../columns.ts';
import { plural } from '../numbers.ts';

/** The strategy of a row, with the version where there are two. */
export function strategyText({ strategy, version }: Pick<LoadCell, 'strategy' | 'version'>): string {
  return version === undefined ? strategy : `${strategy} (${version})`;
}

const IN_ORDER = [
  'slower',
  'slightly slower',
  'faster',
  'slightly faster',
  'same',
  'inconclusive',
] as const satisfies readonly ShownVerdict[];

/** How often the newer version is slower or faster, by the rates held or by latencies; undefined for one version. */
export function versionsSentence(
  { name }: LoadWorkload,
  { cells, heldComparisons, latencyComparisons, options: { minEffect } }: LoadResults,
): string | undefined {
  if (cells.every(({ version }) => version === undefined)) return undefined;
  const what = heldComparisons === undefined ? 'latency' : 'rate held';
  const verdicts = (heldComparisons ?? latencyComparisons)
    .filter(({ workload }) => workload === name)
    .map((comparison) => shownVerdict(comparison, minEffect));
  if (verdicts.length === 0) return 'too little was measured to compare the two versions.';
  const counts = IN_ORDER.flatMap((verdict) => {
    const { length } = verdicts.filter((one) => one === verdict);
    return length === 0 ? [] : [`${length} ${verdictSaid(verdict)}`];
  });
  return `the new version beside the old one, by ${what}, in ${plural(verdicts.length, 'comparison')}: ${counts.join(', ')}.`;
}
