import type { Cell, Comparison, MeasuredCell } from '../model.ts';
import type { ReportGroup } from './groups.ts';
import { wayName, workName } from './names.ts';
import { percent, plural, ratio } from './numbers.ts';

/** More clauses than that are no headline. */
const CLAUSES_LIMIT = 4;

/** What was found out, in one clause for each kind of work: the title of every report. */
export function headline(groups: readonly ReportGroup[]): string {
  return headlineClauses(groups).join(' ');
}

/** The same, one sentence each. */
export function headlineClauses(groups: readonly ReportGroup[]): readonly string[] {
  if (groups.length === 0) return ['Nothing was measured.'];
  if (groups.length > CLAUSES_LIMIT) return [counted(groups)];
  const bounds = groups.map(({ workload }) => workload.bound);
  return groups.map((group) => {
    const isOnly = bounds.filter((bound) => bound === group.workload.bound).length === 1;
    const subject = isOnly ? capital(workName(group.workload.bound)) : group.title;
    return `${subject}: ${finding(group).clause}.`;
  });
}

interface Finding {
  readonly kind: 'lanes pay' | 'stay' | 'open' | 'nothing';
  readonly clause: string;
}

function counted(groups: readonly ReportGroup[]): string {
  const count = (kind: Finding['kind']): number => groups.filter((group) => finding(group).kind === kind).length;
  const told = [
    count('lanes pay') > 0 ? `another way than the baseline pays for ${count('lanes pay')}` : '',
    count('stay') > 0
      ? `${count('stay')} ${count('stay') === 1 ? 'stays' : 'stay'} as ${count('stay') === 1 ? 'it is' : 'they are'}`
      : '',
    count('open') > 0 ? `${count('open')} ${count('open') === 1 ? 'is' : 'are'} too close to call` : '',
    count('nothing') > 0 ? `${count('nothing')} could not be compared` : '',
  ].filter((part) => part !== '');
  return `Of ${plural(groups.length, 'piece')} of work: ${told.join(', ')}.`;
}

function finding(group: ReportGroup): Finding {
  const { cells, recommendation, baseline, comparisons, workload, minEffect } = group;
  const ok = cells.filter((cell): cell is MeasuredCell => cell.status === 'ok');
  if (ok.length === 0) return { kind: 'nothing', clause: 'no way of running it could be measured' };
  if (workload.newerSource !== undefined) return versus(comparisons);
  const choice = ok.find(({ id }) => id === recommendation?.choose);
  if (choice === undefined || baseline === undefined) return { kind: 'nothing', clause: 'no verdict yet' };
  if (ok.length === 1) return { kind: 'nothing', clause: `only ${wayName(choice)} was measured` };
  if (choice.id === baseline.id) return staying(group, choice, minEffect);
  const comparison = comparisons.find(({ contender }) => contender === choice.id);
  if (comparison === undefined) return { kind: 'nothing', clause: 'no verdict yet' };
  switch (comparison.verdict) {
    case 'faster':
      return {
        kind: 'lanes pay',
        clause: `${wayName(choice)} ${runs(choice)} it ${ratio(comparison.speedup.estimate)} times as fast`,
      };
    case 'same':
    case 'slower':
      return {
        kind: 'lanes pay',
        clause: `${wayName(choice)} ${runs(choice)} it as fast, and ${choice.poolSize === 1 ? 'costs' : 'cost'} less`,
      };
    case 'inconclusive':
      return open(choice, baseline, comparison);
    default:
      return comparison.verdict satisfies never;
  }
}

function staying({ cells, comparisons }: ReportGroup, baseline: Cell, minEffect: number): Finding {
  const best = comparisons.toSorted((a, b) => b.speedup.estimate - a.speedup.estimate)[0];
  const rival = cells.find(({ id }) => id === best?.contender);
  if (
    best !== undefined &&
    rival !== undefined &&
    best.verdict === 'inconclusive' &&
    best.speedup.estimate > 1 + minEffect
  )
    return open(rival, baseline, best);
  return {
    kind: 'stay',
    clause: baseline.strategy === 'event-loop' ? 'stay on the event loop' : `stay with ${wayName(baseline)}`,
  };
}

/** `too close to call: 2 worker threads and the event loop differ by 2 % (95 % interval -3 % to +7 %)` */
function open(cell: Cell, baseline: Cell, { speedup: { estimate, lo, hi, level } }: Comparison): Finding {
  const difference = percent(Math.abs(estimate - 1));
  return {
    kind: 'open',
    clause: `too close to call: ${wayName(cell)} and ${wayName(baseline)} differ by ${difference} (${percent(level)} interval ${signed(lo - 1)} to ${signed(hi - 1)})`,
  };
}

function versus(comparisons: readonly Comparison[]): Finding {
  const counts = (['slower', 'faster', 'inconclusive', 'same'] as const)
    .map((verdict) => ({ verdict, count: comparisons.filter((comparison) => comparison.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${verdict} on ${count}`);
  if (counts.length === 0) return { kind: 'nothing', clause: 'no way could be measured in both versions' };
  return { kind: 'open', clause: `of ${plural(comparisons.length, 'way')}, the new version is ${counts.join(', ')}` };
}

function runs({ strategy, poolSize }: Cell): 'runs' | 'run' {
  return poolSize > 1 && (strategy === 'worker-threads' || strategy === 'child-processes') ? 'run' : 'runs';
}

function signed(fraction: number): string {
  return `${fraction > 0 ? '+' : ''}${percent(fraction)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
