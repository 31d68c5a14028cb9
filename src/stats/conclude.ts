import { digestOf } from '../../workers/digest.ts';
import type { CellLog, Measured, MeasuredGroup } from '../model/measured.ts';
import type { Group } from '../model/plan.ts';
import {
  isWithholding,
  type UpperBound,
  type Cell,
  type Comparison,
  type MeasuredCell,
  type Options,
  type Results,
  type Warning,
} from '../model/results.ts';
import { levelPerLook, screeningOf } from '../model/evidence.ts';
import {
  blocksToDecide,
  contrast,
  pairsWith,
  pairsWithSelf,
  ratioAt,
  totalSpeedup,
  unrepeated,
  verdictOf,
  type Pair,
} from './compare.ts';
import { concludeCrossovers } from './crossover.ts';
import { doubtsAbout, cautionsAbout } from './doubts.ts';
import { raceAssumption, racedFields, spentByRace } from './stopping-rules.ts';
import { recommend } from './recommend.ts';
import { concludeScaling } from './scaling.ts';
import { sameAsLoop } from './same-program.ts';
import { fastestFirst, summarize } from './summarize.ts';
import { tradeOffOf } from './trade-off.ts';
import { familyOf } from '../model/strategies.ts';

export type Conclusions = Pick<
  Results,
  | 'complete'
  | 'orchestratorCpu'
  | 'workloads'
  | 'cells'
  | 'comparisons'
  | 'recommendations'
  | 'upperBounds'
  | 'noise'
  | 'scaling'
  | 'predictions'
  | 'crossovers'
  | 'timelines'
  | 'warnings'
>;

/** Turns measurements into conclusions. @param cores usable CPUs of the machine */
export function conclude(
  { groups, complete, ownCpuShare, ...run }: Measured,
  options: Options,
  cores: number,
): Conclusions {
  const parts = groups.map((group) => concludeGroup(group, options, cores));
  const scaling = parts.flatMap(({ measured, ok, alpha }) =>
    concludeScaling(measured.group, ok, { cores, minEffect: options.minEffect, alpha }),
  );
  const crossovers = concludeCrossovers(parts);
  return {
    complete,
    ...(ownCpuShare !== undefined && { orchestratorCpu: ownCpuShare }),
    workloads: groups.map(workloadOf),
    cells: parts.flatMap((part) => part.cells),
    comparisons: parts.flatMap((part) => part.comparisons),
    recommendations: parts.flatMap((part) => part.recommendations),
    upperBounds: parts.flatMap((part) => part.upperBounds),
    noise: groups.map(({ group: { workload, params }, noise }) => ({ workload: workload.name, params, ...noise })),
    ...(scaling.length > 0 && { scaling: [...scaling] }),
    ...(crossovers.length > 0 && { crossovers: [...crossovers] }),
    timelines: groups.flatMap((group) => [...group.timelines]),
    warnings: [
      ...parts.flatMap(({ measured, warnings }) => warnings.map((warning) => withParams(warning, measured))),
      ...run.warnings,
    ],
  };
}

/** A workload may be measured with several params; a warning about it holds for these. */
function withParams(warning: Warning, { group: { params } }: MeasuredGroup): Warning {
  if (Object.keys(params).length === 0) return warning;
  switch (warning.kind) {
    case 'dominant-task':
    case 'shared-memory':
    case 'costly-digest':
    case 'left-behind':
    case 'more-lanes-than-tasks':
    case 'race-assumption':
    case 'noisy-blocks':
    case 'bound-not-seen':
    case 'unequal-work':
    case 'taken-cpus':
      return { ...warning, params };
    default:
      return warning;
  }
}

function workloadOf({ group, digests, complete }: MeasuredGroup): Results['workloads'][number] {
  const { workload, title, params, versions } = group;
  return {
    name: workload.name,
    bound: workload.bound,
    boundIs: workload.boundIs,
    title,
    source: workload.source,
    ...(versions[1] !== undefined && { newerSource: versions[1].source }),
    params,
    tasks: workload.tasks,
    evidence: evidenceOf(group),
    ...(!complete && { interrupted: true as const }),
    digest: digests === undefined ? null : digestOf(digests),
    services: [...workload.services],
  };
}

/** Planned blocks that verdicts rest on, and their rounds. */
function evidenceOf(group: Group): NonNullable<Results['workloads'][number]['evidence']> {
  return { blocks: group.blocks.length - screeningOf(group), rounds: group.blocks.at(-1)?.length ?? 0 };
}

/** Ids of the cells of which every comparison has a verdict; of two that are compared, both or none. */
export function decided(measured: MeasuredGroup, options: Options, cores: number): readonly string[] {
  // Whether it is complete is what is asked here.
  const { comparisons } = concludeGroup({ ...measured, complete: true }, options, cores);
  const open = new Set(
    comparisons.flatMap(({ verdict, baseline, contender }) =>
      verdict === 'inconclusive' ? [baseline, contender] : [],
    ),
  );
  return measured.cells.flatMap(({ cell: { id } }) => (open.has(id) ? [] : [id]));
}

interface GroupConclusions extends Pick<Results, 'cells' | 'comparisons' | 'recommendations' | 'warnings'> {
  readonly upperBounds: readonly UpperBound[];
  readonly measured: MeasuredGroup;
  readonly ok: readonly MeasuredCell[];
  /** Significance level of this look. */
  readonly alpha: number;
}

export function concludeGroup(measured: MeasuredGroup, options: Options, cores: number): GroupConclusions {
  const { group } = measured;
  const alpha = levelPerLook(options, spentByRace(group));
  const cells = measured.cells.flatMap((log) => concludeCell(measured, log) ?? []);
  const ok = cells.filter((cell) => cell.status === 'ok');
  const left = ok.filter(({ dropped }) => dropped === undefined);
  const doubts = doubtsAbout(measured, ok, { ...options, cores });
  // A workload without work would exaggerate every overhead of Lanewise.
  const others = cautionsAbout(measured, ok, options).filter(
    (warning) => !doubts.some(isWithholding) || !isWithholding(warning),
  );
  const warnings = [...doubts, ...measured.warnings, ...others];
  // If the times are in doubt, nothing is concluded from them: no comparison, curve, prediction or crossover.
  if (warnings.some(isWithholding))
    return {
      measured,
      alpha,
      cells: cells.map(withoutClaim),
      warnings,
      ok: [],
      comparisons: [],
      recommendations: [],
      upperBounds: [],
    };
  // The first cell that succeeded replaces a failed baseline.
  const baseline = left.find((cell) => cell.id === group.baseline) ?? left[0];
  const minEffectLog = Math.log1p(options.minEffect);
  const assumption = raceAssumption(
    measured,
    baseline,
    left.filter((cell) => cell !== baseline),
  );
  // A recommendation makes sense for one version only.
  const isOfOne = group.compares === 'with-baseline';
  const comparisons = compareAll(isOfOne ? pairsWith(baseline, left) : pairsWithSelf(left), minEffectLog, alpha);
  const same: readonly Cell[] = sameAsLoop(left, group.baseline);
  const choices = left.filter((cell) => !same.includes(cell));
  const dropped = ok.length - left.length;
  const otherPrograms = ok.filter((cell) => cell.dropped !== undefined && cell.dropped.isSameProgram !== true).length;
  const recommendation =
    isOfOne &&
    measured.complete &&
    // Nothing is chosen among cells that run one program.
    choices.length + otherPrograms > 1 &&
    recommend(choices, {
      baseline: group.baseline,
      minEffectLog,
      alpha,
      goal: options.tuning,
      dropped,
    });
  const tradeOff = recommendation && tradeOffOf(recommendation, left, alpha);
  return {
    measured,
    alpha,
    ok: left,
    cells: assumption === undefined ? cells : cells.map(withoutClaim),
    comparisons: measured.complete ? comparisons : comparisons.map(withoutVerdict),
    recommendations: recommendation ? [{ ...recommendation, ...(tradeOff && { tradeOff }) }] : [],
    upperBounds: baseline === undefined ? [] : concludeUpperBounds(measured, baseline, left, alpha),
    warnings: assumption === undefined ? warnings : [...warnings, assumption],
  };
}

/** An interruption is a look that was not declared: estimates stay, verdicts do not. */
function withoutVerdict({ blocksToDecide: _never, unrepeated: _either, ...comparison }: Comparison): Comparison {
  return { ...comparison, verdict: 'inconclusive' };
}

/** A dropped cell of which it is not claimed that it is slower. */
function withoutClaim(cell: Cell): Cell {
  return cell.dropped === undefined ? cell : { ...cell, dropped: { ...cell.dropped, isSlower: false } };
}

/** Undefined for a cell that an interrupted run never reached. */
function concludeCell(measured: MeasuredGroup, log: CellLog): Cell | undefined {
  const { workload, params } = measured.group;
  const { cell, error } = log;
  const [startupMs, samples] = [[...log.startupMs], [...log.samples]];
  const raced = racedFields(measured, log);
  const { discardedSamples, profile } = log;
  const fields = {
    ...cell,
    family: familyOf(cell),
    workload: workload.name,
    params,
    ...raced,
    startupMs,
    samples,
    ...(discardedSamples && { discardedSamples: [...discardedSamples] }),
    ...(profile && { profile }),
  };
  if (error !== undefined) return { ...fields, status: 'failed', error };
  return samples.length === 0 ? undefined : { ...fields, status: 'ok', summary: summarize(log, workload.tasks) };
}

function compareAll(pairs: readonly Pair[], minEffectLog: number, alphaOfAll: number): Comparison[] {
  // Bonferroni: the comparisons of a workload share one level.
  const alpha = alphaOfAll / pairs.length;
  return pairs.flatMap(({ baseline, contender }): Comparison[] => {
    const found = contrast(baseline.samples, contender.samples, alpha);
    if (found === undefined) return [];
    const { interval, blocks } = found;
    const verdict = verdictOf(interval, minEffectLog);
    const total = totalSpeedup(baseline.samples, contender.samples);
    return [
      {
        workload: baseline.workload,
        params: baseline.params,
        baseline: baseline.id,
        contender: contender.id,
        speedup: ratioAt(found, alpha),
        ...(total && { totalSpeedup: total }),
        verdict,
        ...unrepeated(baseline, contender, { alpha, minEffectLog, verdict }),
        blocks,
        ...(verdict === 'inconclusive' && { blocksToDecide: blocksToDecide(found, minEffectLog) }),
      },
    ];
  });
}

/** Upper bound beside the baseline, and the share of it that the best cell reaches: paired, as cells are. */
function concludeUpperBounds(
  { group, upperBounds }: MeasuredGroup,
  baseline: MeasuredCell,
  cells: readonly MeasuredCell[],
  alpha: number,
): readonly UpperBound[] {
  const [best] = fastestFirst(cells);
  if (best === undefined) return [];
  return upperBounds.flatMap(({ lanes, samples }) => {
    const speedup = contrast(baseline.samples, samples, alpha);
    const share = contrast(samples, best.samples, alpha);
    if (speedup === undefined || share === undefined) return [];
    return [
      {
        workload: group.workload.name,
        params: group.params,
        lanes,
        samples: [...samples],
        baseline: baseline.id,
        speedup: ratioAt(speedup, alpha),
        best: best.id,
        share: ratioAt(share, alpha),
      },
    ];
  });
}
