import type { Cell, Comparison, MeasuredCell } from '../model.ts';
import { comparisonOf, type ReportGroup } from './groups.ts';
import { capital, isMany, wayName, workName } from './names.ts';
import { percent, plural, ratio } from './numbers.ts';
import { settingClause } from './tuning/words.ts';
import { versionCounts } from './verdict.ts';

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
  readonly kind: 'another' | 'stay' | 'open' | 'nothing' | 'versions';
  readonly clause: string;
}

function counted(groups: readonly ReportGroup[]): string {
  const subject = plural(groups.length, 'piece');
  if (groups.some(({ workload }) => workload.newerSource !== undefined))
    return `In ${subject} of work: ${versions(groups.flatMap(({ comparisons }) => comparisons)).clause}.`;
  const kinds = groups.map((group) => finding(group).kind);
  const count = (kind: Finding['kind']): number => kinds.filter((other) => other === kind).length;
  const told = [
    [count('another'), 'run better in another way than the baseline', 'runs better in another way than the baseline'],
    [count('stay'), 'stay as they are', 'stays as it is'],
    [count('open'), 'are too close to call', 'is too close to call'],
    [count('nothing'), 'could not be compared', 'could not be compared'],
  ] as const;
  const parts = told.filter(([many]) => many > 0).map(([many, are, is]) => `${many} ${many === 1 ? is : are}`);
  return `Of ${subject} of work: ${parts.join(', ')}.`;
}

function finding(group: ReportGroup): Finding {
  const { cells, recommendation, baseline, comparisons, workload, minEffect } = group;
  const ok = cells.filter((cell): cell is MeasuredCell => cell.status === 'ok');
  if (group.tuned !== undefined) return { kind: 'another', clause: settingClause(group, group.tuned) };
  if (ok.length === 0) return { kind: 'nothing', clause: 'no way of running it could be measured' };
  if (workload.newerSource !== undefined) return versions(comparisons);
  const choice = ok.find(({ id }) => id === recommendation?.choose);
  if (choice === undefined || baseline === undefined) return { kind: 'nothing', clause: 'no verdict yet' };
  if (ok.length === 1) return { kind: 'nothing', clause: `only ${wayName(choice)} was measured` };
  if (choice.id === baseline.id) return staying(group, choice, minEffect);
  const comparison = comparisonOf(choice, group);
  if (comparison === undefined) return { kind: 'nothing', clause: 'no verdict yet' };
  const { estimate } = comparison.speedup;
  const runs = `${wayName(choice)} ${isMany(choice) ? 'run' : 'runs'} it`;
  const costs = isMany(choice) ? 'cost' : 'costs';
  switch (comparison.verdict) {
    case 'faster':
      return { kind: 'another', clause: `${runs} ${ratio(estimate)} times as fast${than(baseline)}` };
    case 'same':
      return { kind: 'another', clause: `${runs} as fast${than(baseline)}, and ${costs} less` };
    case 'slower':
      return {
        kind: 'another',
        clause: `${runs} ${ratio(estimate)} times as fast${than(baseline)}, within the margin, and ${costs} less`,
      };
    case 'inconclusive':
      return open(choice, baseline, comparison);
    default:
      return comparison.verdict satisfies never;
  }
}

/** The event loop is what everything is compared with unless it is said otherwise. */
function than(baseline: Cell): string {
  return baseline.strategy === 'event-loop' ? '' : ` as ${wayName(baseline)}`;
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

function versions(comparisons: readonly Comparison[]): Finding {
  if (comparisons.length === 0) return { kind: 'nothing', clause: 'no way could be measured in both versions' };
  return {
    kind: 'versions',
    clause: `of ${plural(comparisons.length, 'way')}, the new version is ${versionCounts(comparisons)}`,
  };
}

function signed(fraction: number): string {
  return `${fraction > 0 ? '+' : ''}${percent(fraction)}`;
}
