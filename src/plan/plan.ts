import type { Params } from '../../workers/contract.ts';
import { LanewiseError } from '../model/errors.ts';
import { withoutPrivate } from '../model/text.ts';
import { LEVEL } from '../model/evidence.ts';
import type { FoundWorkload, Group, GroupVersion, Plan, PlannedCell, Runtime, Workload } from '../model/plan.ts';
import type { Options, Version, Warning } from '../model/results.ts';
import { blocksNeeded, comparisonsOf, LEAST_RACED } from '../model/evidence.ts';
import { cellsOf, configurationsOf, orderBlocks, orderRace } from './cells.ts';
import { completeWorkload } from './complete-workload.ts';
import { machineWarnings, checkNeeded, cellWarnings, inputWarnings, type Machine } from './expected-warnings.ts';
import { checkParamNames, checkSets, scanParams } from './params.ts';
import { noBaseline, type NamedRequest } from './resolve.ts';
import { canonical, hasPool } from '../model/asked-strategy.ts';
import { traitsOf } from '../model/strategies.ts';
import { curveName, groupTitle, configurationId, type Configuration, shortId } from '../model/cell-id.ts';

/** Looks of `--until-decided`, as multiples of the number of blocks. */
const LOOKS = [1, 2, 4];

/** Turns a checked request into a plan, or refuses it in a sentence. */
export function planRun(found: readonly FoundWorkload[], request: NamedRequest, seed: number, machine: Machine): Plan {
  const workloads = found.map((module) => completeWorkload(module, request));
  const measured = versionsOf(workloads, request);
  const older = measured.map(({ workload }) => workload);
  checkNames(older);
  checkParamNames(older, request.params);
  checkSets(older, request.params);
  const drafts = measured.flatMap((versions) => {
    const sets = scanParams(versions.workload, request.params);
    return sets.map((params) => {
      const draft = draftGroup(versions, params, request, machine);
      return sets.length === 1 && isRace(draft, request) ? { ...draft, isRace: true } : draft;
    });
  });
  checkPredictable(drafts, request.options);
  const options = withLooks(
    request,
    Math.max(0, ...drafts.filter(({ isRace: raced }) => raced !== true).map(comparisonsOf)),
  );
  const cells = drafts.reduce((sum, draft) => sum + draft.cells.length, 0);
  checkBatches(cells, options.blocks, options.rounds);
  const groups = drafts.map((draft) => {
    // A race takes as many blocks as it needs.
    if (draft.isRace === true) return { ...draft, blocks: orderRace(draft, options, seed) };
    const comparisons = comparisonsOf(draft);
    // A preset stands for enough blocks; a number that was given is refused if it cannot decide.
    const blocks =
      request.blocks === undefined && options.looks === undefined
        ? Math.max(options.blocks, blocksNeeded(comparisons))
        : options.blocks;
    checkBlocks(draft.title, comparisons, { ...options, blocks });
    return { ...draft, blocks: orderBlocks(draft.cells, blocks, options.rounds, seed) };
  });
  return {
    seed,
    options,
    groups,
    runtimes: machine.runtimes,
    ownStrategies: machine.ownStrategies,
    ...(machine.queue && { queue: machine.queue }),
    warnings: [
      ...unusedLimit(request),
      ...machineWarnings(machine),
      ...checkNeeded(groups, machine),
      ...cellWarnings(groups, machine),
      ...inputWarnings(groups),
    ],
  };
}

export interface Versions {
  readonly workload: Workload;
  /** Undefined: only one version. */
  readonly newer: Workload | undefined;
}

/** @throws LanewiseError for versions that cannot be compared */
export function versionsOf(
  workloads: readonly Workload[],
  { versus = false, versusRef }: NamedRequest,
): readonly Versions[] {
  if (!versus && versusRef === undefined) return workloads.map((workload) => ({ workload, newer: undefined }));
  if (versus && workloads.length !== 2)
    throw new LanewiseError(
      'usage',
      `--versus takes two different paths, and got ${workloads.length}: lanewise run old/task.js new/task.js --versus.`,
    );
  return workloads.flatMap((workload, index) => {
    const newer = workloads[index + 1];
    if (index % 2 === 1 || newer === undefined) return [];
    requireSameWork(workload, newer);
    return [{ workload, newer }];
  });
}

function requireSameWork(older: Workload, newer: Workload): void {
  if (JSON.stringify(older.params) === JSON.stringify(newer.params) && haveOneBound(older, newer)) return;
  throw new LanewiseError(
    'usage',
    `The two versions must have the same params and bound: ${older.source} has ${JSON.stringify(older.params)} and "${older.bound}", ${newer.source} has ${JSON.stringify(newer.params)} and "${newer.bound}".`,
  );
}

/** Only two declarations can contradict: the newer version may have become another kind of work. */
function haveOneBound(older: Workload, newer: Workload): boolean {
  return older.bound === newer.bound || older.boundIs !== 'claimed' || newer.boundIs !== 'claimed';
}

type Draft = Omit<Group, 'blocks'>;

function draftGroup(
  { workload, newer }: Versions,
  params: Params,
  request: NamedRequest,
  { cores, runtimes, ownStrategies: own }: Machine,
): Draft {
  const { strategies, concurrency } = request;
  const { poolSizes, aa = false } = request.options;
  const poolSizesAreGiven = request.poolSizes !== undefined;
  const configurations = configurationsOf(workload, {
    strategies,
    poolSizes,
    poolSizesAreGiven,
    concurrency,
    machines: request.machines,
    own,
  }).flatMap((configuration) => onEach(configuration, runtimes));
  const title = groupTitle(workload.name, params, workload.params);
  const measured = measuredOf({ workload, newer });
  const cells = cellsOf(title, aa ? withTwins(configurations) : configurations, measured.versions);
  const isCpu = workload.bound === 'cpu' && newer === undefined && !aa;
  return {
    workload: sized(measured.workload, params, request),
    title,
    params,
    versions: measured.versions,
    compares: aa ? 'with-twin' : newer === undefined ? 'with-baseline' : 'with-older-self',
    cells,
    baseline: baselineOf(title, cells, request),
    upperBoundLanes: isCpu ? (request.upperBoundLanes ?? upperBoundLanes(request.options, cores)) : [],
  };
}

/** The workload, with what its newer version needs of a host, and the modules to measure. */
export function measuredOf({ workload, newer }: Versions): Pick<Group, 'workload' | 'versions'> {
  return {
    workload: {
      ...workload,
      hostLoadsIt: workload.hostLoadsIt || newer?.hostLoadsIt === true,
      services: [...new Set([...workload.services, ...(newer?.services ?? [])])],
    },
    versions: newer === undefined ? [versionOf(workload)] : [versionOf(workload, 'old'), versionOf(newer, 'new')],
  };
}

/** @returns the id of the cell to compare the others with @throws LanewiseError if it is not among them */
export function baselineOf(
  title: string,
  cells: readonly PlannedCell[],
  { baseline, strategies }: Pick<NamedRequest, 'baseline' | 'strategies'>,
): string {
  const first =
    cells.find(({ runtime: _runtime, ...configuration }) => configurationId(configuration) === canonical(baseline)) ??
    (baseline.kind === 'strategy' ? (cells.find(({ strategy }) => strategy === baseline.name) ?? cells[0]) : undefined);
  if (first !== undefined) return first.id;
  if (cells.length > 0) throw noBaseline(baseline, strategies);
  throw new LanewiseError('usage', `Nothing to measure for ${title}: give at least one --strategy.`);
}

/** A prediction needs to know how much processes slow each other down, and so one of them alone. */
function upperBoundLanes({ predict }: Options, cores: number): readonly number[] {
  return predict === undefined || cores === 1 ? [cores] : [1, cores];
}

/** Every configuration and its twin, also of one that was given more than once. */
function withTwins(configurations: readonly Configuration[]): readonly Configuration[] {
  return [...new Map(configurations.map((each) => [shortId(each), each])).values()].flatMap((each) => [each, each]);
}

function onEach(configuration: Configuration, runtimes: readonly Runtime[]): readonly Configuration[] {
  const labels = runtimes.flatMap(({ label }) => label ?? []);
  return labels.length === 0 ? [configuration] : labels.map((runtime) => ({ ...configuration, runtime }));
}

export function versionOf({ ref, source }: Workload, version?: Version): GroupVersion {
  return { ...(version !== undefined && { version }), ref, source };
}

/** Takes the batch size of the earlier run to compare with, unless another was given. */
function sized(workload: Workload, params: Params, { batches = [] }: NamedRequest): Workload {
  // As in results.
  const recorded = JSON.stringify(withoutPrivate(params));
  const known = batches.find((batch) => batch.workload === workload.name && JSON.stringify(batch.params) === recorded);
  return known === undefined || workload.tasksAreFixed
    ? workload
    : { ...workload, tasks: known.tasks, tasksAreFixed: true };
}

function isBasis(cell: PlannedCell): boolean {
  return traitsOf(cell).isSimulated && cell.concurrency === 1;
}

/** @throws LanewiseError if the predictions have no measured pool to start from */
function checkPredictable(drafts: readonly Draft[], { predict }: Options): void {
  if (
    predict === undefined ||
    drafts.some(({ cells, compares }) => compares === 'with-baseline' && cells.some(isBasis))
  )
    return;
  throw new LanewiseError(
    'usage',
    'Invalid --predict: it needs a pool with one task at a time per worker. Add worker-threads or child-processes to --strategy, and 1 to --concurrency.',
  );
}

/**
 * Few configurations, twins, scanned values and curves over pool sizes are measured in every block: each of their numbers
 * was asked for.
 */
function isRace({ cells: all, compares }: Draft, { poolSizes = [], options: { predict } }: NamedRequest): boolean {
  // Two versions have the same configurations.
  const cells = all.filter(({ version }) => version !== 'new');
  const curves = cells.filter((cell) => traitsOf(cell).lanes !== 'one').map(curveName);
  const sizes = curves.map((name) => curves.filter((other) => other === name).length);
  return (
    compares !== 'with-twin' &&
    cells.length >= LEAST_RACED &&
    predict === undefined &&
    poolSizes.length < 2 &&
    cells.every(({ twin }) => twin === undefined) &&
    Math.max(0, ...sizes) <= MOST_SIZES
  );
}

/** More sizes of a pool make a curve. */
const MOST_SIZES = 2;

/** Looks are declared before anything is measured; by default the first comes as soon as it can decide. */
function withLooks({ untilDecided = false, blocks, options }: NamedRequest, comparisons: number): Options {
  if (!untilDecided) return options;
  const first = blocks ?? Math.max(options.blocks, blocksNeeded(comparisons * LOOKS.length));
  const looks = LOOKS.map((factor) => first * factor);
  return { ...options, blocks: looks.at(-1) ?? first, looks };
}

function checkNames(workloads: readonly Workload[]): void {
  const names = new Set<string>();
  const twice = workloads.map(({ name }) => name).find((name) => names.size === names.add(name).size);
  if (twice === undefined) return;
  throw new LanewiseError('usage', `Two workloads are called "${twice}": give one of them another \`name\`.`);
}

/** A batch takes 900 bytes in `results.json`, and at most 256 MiB of a file are read. */
const MOST_BATCHES = 250_000;

/** @throws LanewiseError for more batches than results can hold */
export function checkBatches(cells: number, blocks: number, rounds: number): void {
  const batches = cells * blocks * rounds;
  if (batches <= MOST_BATCHES) return;
  throw new LanewiseError(
    'usage',
    `Too much to measure: ${cells} ${cells === 1 ? 'cell' : 'cells'} × ${blocks} blocks × ${rounds} ${rounds === 1 ? 'round' : 'rounds'} are ${batches} batches, and a report holds at most ${MOST_BATCHES}. Give fewer --blocks, --rounds or --param values.`,
  );
}

/** The exact signed-rank test reaches 2^(1-n) with n blocks, and comparisons and looks of a group share one level. */
export function checkBlocks(name: string, comparisons: number, { blocks, looks = [blocks] }: Options): void {
  const first = looks[0] ?? blocks;
  const needed = blocksNeeded(comparisons * looks.length);
  if (first >= needed) return;
  const isOne = comparisons === 1;
  const shared =
    looks.length > 1
      ? `a level of ${LEVEL * 100}% shared among ${isOne ? '' : 'them and '}${looks.length} looks`
      : `a ${isOne ? '' : 'shared '}level of ${LEVEL * 100}%`;
  throw new LanewiseError(
    'usage',
    `${first} ${first === 1 ? 'block' : 'blocks'} cannot decide the ${isOne ? 'comparison' : `${comparisons} comparisons`} of ${name} at ${shared}: use --blocks ${needed} or more${isOne ? '' : ', or fewer configurations (-s, -p, -c)'}.`,
  );
}

/** Warns of a concurrency without a pool to use it. */
export function unusedLimit({ strategies, concurrency = [] }: NamedRequest): readonly Warning[] {
  const limit = strategies.some(hasPool) ? undefined : concurrency.find((one) => one !== 'all');
  return limit === undefined ? [] : [{ kind: 'limit-not-used', limit }];
}
