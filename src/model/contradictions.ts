import { shortId } from './cell-id.ts';
import type { LoadResults } from './load.ts';
import type { Results, Timeline } from './results.ts';
import { clip, readable } from './text.ts';

/** Far above the 200 that are traced: drawings are made for hundreds. */
const MOST_TRACED = 10_000;
/** Far above the rates that anybody compares: each has a table of its own. */
const MOST_RATES = 1000;
/** Characters of an id to show: a name in it may be as long as a file. */
const LONGEST_ID = 100;

/** Mark of a repeated cell, at the end of its id. */
const TWIN = /#\d+(?=(?:~new)?$)/;

/** Far above every time, size, rate and count of a measurement; sums and squares of such numbers are finite. */
const LARGEST_NUMBER = 1e18;
/** Times by which others are divided, and a size far below the steps of every clock, ms: such ratios are infinite. */
const DIVISORS: ReadonlySet<string> = new Set(['wallMs', 'judgedMs']);
const SHORTEST_MS = 1e-9;

/** Fields with values of params: a crossover lies between two of them. */
const HAVE_PARAMS: ReadonlySet<string> = new Set(['params', 'crossovers']);

/**
 * The first number that no measurement has, as `wallMs is 1e+308`, which sums and means would turn into Infinity. Values
 * of params may be any.
 */
export function findImpossibleNumber(value: unknown): string | undefined {
  const open: object[] = isBranch(value) ? [value] : [];
  for (let one = open.pop(); one !== undefined; one = open.pop())
    for (const [name, part] of Object.entries(one) as [string, unknown][])
      if (typeof part === 'number' && isImpossible(name, part)) return `${clip(name, LONGEST_ID)} is ${part}`;
      else if (isBranch(part) && !HAVE_PARAMS.has(name)) open.push(part);
  return undefined;
}

function isImpossible(name: string, value: number): boolean {
  const size = Math.abs(value);
  return size > LARGEST_NUMBER || (size > 0 && size < SHORTEST_MS && DIVISORS.has(name));
}

function isBranch(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The first contradiction within the timeline of a cell. */
export function findWrongSlice(slices: Timeline['slices']): string | undefined {
  const untraced = slices.findIndex(({ task }) => task >= MOST_TRACED);
  if (untraced !== -1) return `/slices/${untraced}/task is not below ${MOST_TRACED}, the most that a timeline can have`;
  const backwards = slices.findIndex(({ startMs, endMs }) => endMs < startMs);
  return backwards === -1 ? undefined : `/slices/${backwards} ends before it starts`;
}

function isNoDate(text: string): boolean {
  return Number.isNaN(Date.parse(text));
}

/** The first contradiction between fields, which no schema can express. */
export function findContradiction({
  startedAt,
  workloads,
  cells,
  comparisons,
  recommendations,
  upperBounds = [],
  timelines,
  tuning,
  noise,
  scaling,
  predictions,
  crossovers,
}: Results): string | undefined {
  if (isNoDate(startedAt)) return '/startedAt is no date';
  const findings = { comparisons, recommendations, upperBounds, noise, scaling, predictions, crossovers };
  const misplaced = wrongGroup(workloads, findings);
  if (misplaced !== undefined) return misplaced;
  const cellsById = new Map(cells.toReversed().map((cell) => [cell.id, cell]));
  const keys = new Set<string>();
  const names = new Set(workloads.map(({ name }) => name));
  for (const [index, cell] of cells.entries()) {
    const at = `/cells/${index}`;
    // A finalist was also screened.
    const wrong = wrongCell(cell, at, `${cell.phase ?? ''} ${cell.id}`, keys);
    if (wrong !== undefined) return wrong;
    const configuration = shortId(cell);
    if (!cell.id.replace(TWIN, '').endsWith(`/${configuration}`))
      return `${at}/id does not end in its configuration, /${configuration}`;
    if (!names.has(cell.workload)) return `${at}/workload is not among /workloads`;
    if (cell.status === 'ok' && cell.samples.length === 0) return `${at}/samples is empty, although its status is ok`;
    const turns = new Map(cell.samples.map(({ block, round }, position) => [`${block} ${round}`, position]));
    const twice = cell.samples.findIndex(({ block, round }, position) => turns.get(`${block} ${round}`) !== position);
    if (twice !== -1) return `${at}/samples/${twice} repeats the block and round of another sample`;
  }
  const named = [
    ...comparisons.flatMap(({ baseline, contender }, index) => [
      { at: `/comparisons/${index}/baseline`, id: baseline },
      { at: `/comparisons/${index}/contender`, id: contender },
    ]),
    ...recommendations.flatMap(({ choose, fastest, tradeOff }, index) => [
      { at: `/recommendations/${index}/choose`, id: choose },
      { at: `/recommendations/${index}/fastest`, id: fastest },
      ...(tradeOff === undefined ? [] : [{ at: `/recommendations/${index}/tradeOff/cell`, id: tradeOff.cell }]),
    ]),
    ...upperBounds.map(({ best }, index) => ({ at: `/upperBounds/${index}/best`, id: best })),
    ...(tuning?.finalists ?? []).map((id, index) => ({ at: `/tuning/finalists/${index}`, id })),
    ...[tuning?.choose, tuning?.current].flatMap((id) => (typeof id === 'string' ? [{ at: '/tuning', id }] : [])),
  ];
  const lost = named.find(({ id }) => !cellsById.has(id));
  if (lost !== undefined) return `${lost.at} is not among /cells`;
  const tasksOf = mostTasks(workloads);
  for (const [index, { cell, slices }] of timelines.entries()) {
    const { poolSize = 1, workload } = cellsById.get(cell) ?? {};
    if (workload === undefined) return `/timelines/${index}/cell is not among /cells`;
    const wrongSlice = findWrongSlice(slices);
    if (wrongSlice !== undefined) return `/timelines/${index}${wrongSlice}`;
    const most = Math.max(poolSize, tasksOf.get(workload) ?? 0);
    const wrong = slices.findIndex(({ lane }) => lane >= most);
    if (wrong !== -1) return `/timelines/${index}/slices/${wrong}/lane is not a worker of ${clip(cell, LONGEST_ID)}`;
  }
  const intervals = [
    ...comparisons.map(({ speedup }, index) => ({ at: `/comparisons/${index}/speedup`, speedup })),
    ...upperBounds.map(({ speedup }, index) => ({ at: `/upperBounds/${index}/speedup`, speedup })),
  ];
  return wrongInterval(intervals) ?? wrongVerdict('comparisons', comparisons);
}

interface Measured {
  readonly name: string;
  readonly params: Readonly<Record<string, unknown>>;
}

type Findings = readonly { readonly workload: string }[];

/** A workload that is there twice, or a finding about one that is not there: reports would leave it out. */
function wrongGroup(
  workloads: readonly Measured[],
  sections: Readonly<Record<string, Findings | undefined>>,
): string | undefined {
  const keys = workloads.map(({ name, params }, index) => [JSON.stringify([name, params]), index] as const);
  const firsts = new Map(keys.toReversed());
  const twice = keys.findIndex(([key, index]) => firsts.get(key) !== index);
  if (twice !== -1) return `/workloads/${twice} is there twice`;
  const names = new Set(workloads.map(({ name }) => name));
  const findings = Object.entries(sections).flatMap(([section, found = []]) =>
    found.map(({ workload }, index) => ({ at: `/${section}/${index}/workload`, workload })),
  );
  const wrong = findings.find(({ workload }) => !names.has(workload));
  return wrong && `${wrong.at} is not among /workloads`;
}

interface Placed {
  readonly at: string;
  readonly speedup: Readonly<Record<'estimate' | 'lo' | 'hi', number>>;
}

function wrongInterval(intervals: readonly Placed[]): string | undefined {
  const wrong = intervals.find(({ speedup: { estimate, lo, hi } }) => !(lo > 0 && lo <= estimate && estimate <= hi));
  return wrong && `${wrong.at} is not an interval around its estimate`;
}

/** A verdict that its interval contradicts. */
function wrongVerdict(
  section: string,
  comparisons: readonly { readonly verdict: string; readonly speedup: Placed['speedup'] }[],
): string | undefined {
  const wrong = comparisons.findIndex(
    ({ verdict, speedup: { lo, hi } }) => (verdict === 'faster' && lo < 1) || (verdict === 'slower' && hi > 1),
  );
  return wrong === -1 ? undefined : `/${section}/${wrong}/verdict is not that of its interval`;
}

/** Adds the cell to those that are known by their keys. */
function wrongCell({ id }: { readonly id: string }, at: string, key: string, keys: Set<string>): string | undefined {
  if (/\p{Cc}/u.test(id)) return `${at}/id holds control characters`;
  if (keys.has(key)) return `${at}/id is also the id of another cell`;
  keys.add(key);
  return undefined;
}

/** The most tasks of each workload, by name, over all params. */
function mostTasks(workloads: Results['workloads']): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const { name, tasks } of workloads) most.set(name, Math.max(tasks, most.get(name) ?? 0));
  return most;
}

/** The same in the results of a load measurement. */
export function findContradictionOfLoad({
  startedAt,
  workloads,
  cells,
  latencyComparisons,
  held = [],
  heldComparisons = [],
  recommendations = [],
  overload = [],
  options,
}: LoadResults): string | undefined {
  if (isNoDate(startedAt)) return '/startedAt is no date';
  const crowded = workloads.findIndex(({ rates }) => rates.length > MOST_RATES);
  if (crowded !== -1) return `/workloads/${crowded}/rates has more than ${MOST_RATES} rates`;
  const misplaced = wrongGroup(workloads, { latencyComparisons, held, heldComparisons, recommendations, overload });
  if (misplaced !== undefined) return misplaced;
  const ratesOf = new Map(workloads.map(({ name, rates }) => [name, new Set(rates)]));
  const ids = new Set<string>();
  for (const [index, cell] of cells.entries()) {
    const at = `/cells/${index}`;
    const wrong = wrongCell(cell, at, cell.id, ids);
    if (wrong !== undefined) return wrong;
    // Where no rate was measured, since all have failed, there is no workload.
    if (cell.status === 'ok' && !ratesOf.has(cell.workload)) return `${at}/workload is not among /workloads`;
    const turns = new Set<string>();
    for (const [position, { phase = '', block, round, rate, offered, done, missed }] of cell.windows.entries()) {
      if (Math.max(done, missed) > offered) return `${at}/windows/${position} has more tasks than were offered`;
      const turn = `${phase} ${block} ${round} ${rate}`;
      if (turns.has(turn)) return `${at}/windows/${position} repeats the block, round and rate of another window`;
      turns.add(turn);
    }
    const given = options.rates === null ? undefined : ratesOf.get(cell.workload);
    const other = cell.windows.findIndex(({ rate }) => given?.has(rate) === false);
    if (other !== -1) return `${at}/windows/${other}/rate is not among the rates of its workload`;
    const measured = new Set(cell.windows.flatMap(({ phase, rate }) => (phase === undefined ? [rate] : [])));
    const without = cell.status === 'ok' ? cell.rates.findIndex(({ rate }) => !measured.has(rate)) : -1;
    if (without !== -1) return `${at}/rates/${without} is a rate at which the cell has no window`;
  }
  const named = [
    ...[...latencyComparisons, ...heldComparisons].flatMap(({ baseline, contender }) => [baseline, contender]),
    ...recommendations.flatMap(({ choose, most, tied }) => [choose, most, ...tied]),
    ...[...held, ...overload].map(({ cell }) => cell),
  ];
  const lost = named.find((id) => !ids.has(id));
  if (lost !== undefined) return `${readable(clip(lost, LONGEST_ID))} is concluded about, and not among /cells`;
  const interval = wrongInterval([
    ...latencyComparisons.map(({ speedup }, index) => ({ at: `/latencyComparisons/${index}/speedup`, speedup })),
    ...cells.flatMap((cell, index) =>
      cell.status === 'failed'
        ? []
        : cell.rates.flatMap(({ objectiveMs }, place) =>
            objectiveMs === null ? [] : [{ at: `/cells/${index}/rates/${place}/objectiveMs`, speedup: objectiveMs }],
          ),
    ),
  ]);
  return interval ?? wrongVerdict('latencyComparisons', latencyComparisons);
}
