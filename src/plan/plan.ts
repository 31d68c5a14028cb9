import type { Params } from '../../workers/contract.ts';
import { LanewiseError } from '../errors.ts';
import { LEVEL } from '../level.ts';
import type { FoundWorkload, Group, Options, Plan, Warning, Workload } from '../model.ts';
import { groupName, planCells } from './cells.ts';
import { completeWorkload } from './complete-workload.ts';
import { orderBlocks } from './order.ts';
import { checkParamNames, scanParams } from './params.ts';
import type { ResolvedRequest } from './request.ts';

/** All hosts of a group are alive at once, 50 to 150 MB each; a sweep larger than this has to be asked for in parts. */
const MOST_HOSTS = 48;

/** With `--until-decided`: at these multiples of the number of blocks it is looked whether all is decided. */
const LOOKS = [1, 2, 4];

/** Turns a checked request into everything that will be done, or refuses it in a sentence. */
export function planRun(found: readonly FoundWorkload[], request: ResolvedRequest, seed: number, cores: number): Plan {
  const workloads = found.map((module) => completeWorkload(module, request));
  checkNames(workloads);
  checkParamNames(workloads, request.scans);
  const drafts = workloads.flatMap((workload) =>
    scanParams(workload, request.scans).map((params) => draftGroup(workload, params, request, cores)),
  );
  const options = withLooks(request, Math.max(...drafts.map(({ cells }) => cells.length - 1)));
  const groups = drafts.map((draft) => {
    checkBlocks(groupName(draft.workload, draft.params), draft.cells.length - 1, options);
    return { ...draft, blocks: orderBlocks(draft.cells, options.blocks, options.rounds, seed) };
  });
  return { seed, options, groups, warnings: foresee(groups, cores) };
}

function draftGroup(
  workload: Workload,
  params: Params,
  request: ResolvedRequest,
  cores: number,
): Omit<Group, 'blocks'> {
  const { strategies, poolSizes, baseline } = request.options;
  const { inFlight, poolSizesAreGiven } = request;
  const cells = planCells(workload, params, { strategies, poolSizes, inFlight, poolSizesAreGiven });
  if (cells.length > MOST_HOSTS) {
    throw new LanewiseError(
      'usage',
      `${groupName(workload, params)} would have ${cells.length} cells, and at most ${MOST_HOSTS} can be compared with each other: ask for fewer strategies, pool sizes or tasks in flight.`,
    );
  }
  const first = cells.find((cell) => cell.strategy === baseline) ?? cells[0];
  if (first === undefined)
    throw new LanewiseError(
      'usage',
      `There is nothing to measure of ${groupName(workload, params)}: give at least one strategy.`,
    );
  const ceilingLanes = workload.bound === 'cpu' ? (request.ceilingLanes ?? [cores]) : [];
  return { workload, params, cells, baseline: first.id, ceilingLanes };
}

/** Looks are declared before anything is measured; unless told otherwise, the first one comes when it can decide. */
function withLooks({ untilDecided, blocksAreGiven, options }: ResolvedRequest, comparisons: number): Options {
  if (!untilDecided) return options;
  const first = blocksAreGiven ? options.blocks : Math.max(options.blocks, blocksNeeded(comparisons * LOOKS.length));
  const looks = LOOKS.map((factor) => first * factor);
  return { ...options, blocks: looks.at(-1) ?? first, looks };
}

function checkNames(workloads: readonly Workload[]): void {
  const names = workloads.map((workload) => workload.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new LanewiseError('usage', `Two workloads are called "${twice}": give one of them another \`name\`.`);
}

/** The exact signed-rank test can reach 2^(1-n) with n blocks, and the comparisons of a group share one level at each look. */
function checkBlocks(name: string, comparisons: number, { blocks, looks = [blocks] }: Options): void {
  const first = looks[0] ?? blocks;
  const needed = blocksNeeded(comparisons * looks.length);
  if (first >= needed) return;
  const shared =
    looks.length === 1
      ? `a shared level of ${LEVEL * 100} %`
      : `${LEVEL * 100} % shared among them and ${looks.length} looks`;
  throw new LanewiseError(
    'usage',
    `${first} ${first === 1 ? 'block' : 'blocks'} cannot decide the ${comparisons} ${comparisons === 1 ? 'comparison' : 'comparisons'} of ${name} at ${shared}: give --blocks ${needed} or more, or fewer cells with -s, -p and -c.`,
  );
}

function blocksNeeded(comparisons: number): number {
  return comparisons === 0 ? 1 : Math.ceil(1 - Math.log2(LEVEL / comparisons));
}

/** What can be told before anything is measured. */
function foresee(groups: readonly Group[], cores: number): readonly Warning[] {
  return groups.flatMap(({ workload, params, cells }) => {
    const warnings: Warning[] = [];
    const lanes = Math.max(...cells.map((cell) => cell.poolSize));
    const name = groupName(workload, params);
    if (workload.bound === 'cpu' && lanes > cores)
      warnings.push({ kind: 'more-lanes-than-cores', workload: name, lanes, cores });
    if (lanes > workload.tasks)
      warnings.push({ kind: 'more-lanes-than-tasks', workload: name, lanes, tasks: workload.tasks });
    return warnings;
  });
}
