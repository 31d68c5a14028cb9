import { markdownTable } from 'markdown-table';
import { LEVEL, type PresetName } from '../../src/model/evidence.ts';
import { canaryDrift } from '../../src/stats/machine-between-runs.ts';
import { contrast, contrastRuns, verdictOf, type Contrast, type WallTime } from '../../src/stats/compare.ts';
import { median } from '../../src/stats/quantile.ts';
import { PAIRS, type TwinKind } from './twins.ts';

export interface EvidenceHead {
  readonly date: string;
  readonly machine: string;
  readonly seed: number;
  readonly command: string;
}

/** Six twins of one strategy, measured once under one condition. */
export interface EvidenceRecord {
  /** `padded`: every host has an environment of a random size. */
  readonly way: 'quiet' | 'neighbour' | 'padded' | 'tinybench';
  /** `standard` unless given. */
  readonly preset?: PresetName;
  readonly workload: string;
  readonly strategy: string;
  readonly twins: TwinKind;
  readonly repetition: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly tasks: number;
  /** Disturbed blocks, and how many of them were measured again. */
  readonly hit: number;
  readonly repeated: number;
  readonly canariesMs: readonly number[];
  /** Times by twin. tinybench has no blocks: its samples are numbered instead. */
  readonly walls: readonly (readonly WallTime[])[];
}

/** Outcome of a comparison of two twins. */
export interface Said {
  /** Factor by which the second twin has more work: 1, 1.05 or 1.1. */
  readonly slowdown: number;
  readonly verdict: 'faster' | 'slower' | 'same' | 'inconclusive';
  /** ln of the measured slowdown. */
  readonly estimate: number;
  readonly halfWidth: number;
}

const LOG_MIN_EFFECT = Math.log(1.05);
const METHODS = {
  lanewise: 'Lanewise',
  disjoint: 'tinybench, disjoint 95% CIs of the mean',
  welch: 'tinybench, Welch’s t-test at 5%',
} as const;

/** Verdicts on each pair of twins, as in a run of just the two. */
export function judgeRecord({ twins: kind, walls }: EvidenceRecord): readonly Said[] {
  return PAIRS[kind].flatMap(({ slowdown, twins: [first, second] }) => {
    const found = contrast(walls[first - 1] ?? [], walls[second - 1] ?? [], LEVEL);
    if (found === undefined) return [];
    return [{ slowdown, verdict: verdictOf(found.interval, LOG_MIN_EFFECT), ...slownessOf(found) }];
  });
}

function slownessOf({ estimate, interval }: Contrast): Pick<Said, 'estimate' | 'halfWidth'> {
  return { estimate: -estimate, halfWidth: (interval.hi - interval.lo) / 2 };
}

/** Verdicts from tinybench's table as its users read it: whether mean ± margin of error overlap, or Welch's test. */
export function judgeBench({ twins: kind, walls }: EvidenceRecord, method: 'disjoint' | 'welch'): readonly Said[] {
  return PAIRS[kind].map(({ slowdown, twins: [first, second] }) => {
    const [a, b] = [first, second].map((twin) => momentsOf((walls[twin - 1] ?? []).map(({ wallMs }) => wallMs)));
    if (a === undefined || b === undefined) throw new Error('a twin is missing');
    const standardError = Math.hypot(a.standardError, b.standardError);
    const limit =
      method === 'welch'
        ? studentT(welchDegrees(a, b)) * standardError
        : studentT(a.count - 1) * a.standardError + studentT(b.count - 1) * b.standardError;
    const slower = b.mean - a.mean;
    const verdict = Math.abs(slower) <= limit ? 'inconclusive' : slower > 0 ? 'slower' : 'faster';
    return { slowdown, verdict, estimate: Math.log(b.mean / a.mean), halfWidth: limit / a.mean };
  });
}

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly standardError: number;
}

function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { count, mean, standardError: Math.sqrt(variance / count) };
}

/** Welch–Satterthwaite degrees of freedom. */
function welchDegrees(a: Moments, b: Moments): number {
  const [va, vb] = [a.standardError ** 2, b.standardError ** 2];
  return (va + vb) ** 2 / (va ** 2 / (a.count - 1) + vb ** 2 / (b.count - 1));
}

/** The 97.5% quantile of Student's t, by the expansion of Cornish and Fisher: within 0.001 from 10 degrees on. */
export function studentT(degrees: number): number {
  const z = 1.959963984540054;
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * degrees) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees ** 3)
  );
}

/** Twins that are identical in records of both kinds. */
const ALWAYS_IDENTICAL = [1, 2, 3, 4] as const;

/** Verdicts of `lanewise compare` on identical cells in two consecutive repetitions, with and without its canary. */
function judgeUnpaired(
  records: readonly EvidenceRecord[],
  withCanary: boolean,
): readonly Pick<Said, 'verdict' | 'estimate'>[] {
  const quiet = records.filter(({ way }) => way === 'quiet').toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  return quiet.flatMap((after, index) => {
    const before = quiet
      .slice(0, index)
      .findLast(({ workload, strategy }) => workload === after.workload && strategy === after.strategy);
    if (before === undefined) return [];
    const drift = withCanary ? (canaryDrift(before.canariesMs, after.canariesMs) ?? 0) : 0;
    return ALWAYS_IDENTICAL.flatMap((twin) => {
      const found = contrastRuns(before.walls[twin - 1] ?? [], after.walls[twin - 1] ?? [], LEVEL, drift);
      return found === undefined
        ? []
        : [{ verdict: verdictOf(found.interval, LOG_MIN_EFFECT), estimate: found.estimate }];
    });
  });
}

function isDifferent({ verdict }: Pick<Said, 'verdict'>): boolean {
  return verdict === 'faster' || verdict === 'slower';
}

function unpairedLines(records: readonly EvidenceRecord[]): readonly string[] {
  const [without, widened] = [judgeUnpaired(records, false), judgeUnpaired(records, true)];
  if (without.length === 0) return [];
  const ratios = without.map(({ estimate }) => Math.exp(estimate));
  return [
    `The same configurations in two runs some minutes apart, not paired: \`lanewise compare\` calls ${rate(widened, isDifferent)} different; without the canaries, ${rate(without, isDifferent)}. Ratios of medians: ${Math.min(...ratios).toFixed(2)}x to ${Math.max(...ratios).toFixed(2)}x.`,
    '',
  ];
}

interface Row {
  readonly where: string;
  readonly method: keyof typeof METHODS;
  readonly said: readonly Said[];
}

/** Tables of all records, in Markdown. */
export function tabulate(head: EvidenceHead, records: readonly EvidenceRecord[]): string {
  const own = (way: 'quiet' | 'neighbour', where: string): Row => ({
    where,
    method: 'lanewise',
    said: records.filter((record) => record.way === way).flatMap(judgeRecord),
  });
  const bench = (method: 'disjoint' | 'welch'): Row => ({
    where: 'quiet machine',
    method,
    said: records.filter(({ way }) => way === 'tinybench').flatMap((record) => judgeBench(record, method)),
  });
  const rows = [
    own('quiet', 'quiet machine'),
    own('neighbour', 'beside a noisy neighbour'),
    bench('disjoint'),
    bench('welch'),
  ];
  const parts = [...new Set(records.map(({ workload, strategy }) => `${workload} ${strategy}`))].toSorted();
  const minutes = Math.round(records.reduce((sum, { durationMs }) => sum + durationMs, 0) / 60_000);
  const blocks = records.filter(({ way }) => way !== 'tinybench');
  const totalOf = (read: (record: EvidenceRecord) => number): number =>
    blocks.reduce((sum, record) => sum + read(record), 0);
  return [
    `${head.date}, ${head.machine}, \`${head.command}\`, ${minutes} minutes.`,
    '',
    markdownTable(
      [
        [
          'machine',
          'judged by',
          'identical: called different',
          '10% slower: found',
          '5% slower: found',
          'called faster',
          'identical: medians from – to',
        ],
        ...rows.filter(({ said }) => said.length > 0).map(rowOf),
      ],
      { align: ['l', 'l', 'r', 'r', 'r', 'r', 'r'] },
    ),
    '',
    `By work and strategy, Lanewise on a quiet machine, with the median half-width of the 95% CIs and the measured slowdowns:`,
    '',
    markdownTable(
      [
        [
          'work',
          'identical: called different',
          '10% found',
          '5% found',
          'half-width',
          '10% measured as',
          '5% measured as',
        ],
        ...parts.map((part) => partOf(part, records)),
      ],
      { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r'] },
    ),
    '',
    ...unpairedLines(records),
    `Of ${totalOf(({ canariesMs }) => canariesMs.length)} blocks, ${totalOf(({ hit }) => hit)} were disturbed beyond the limits and ${totalOf(({ repeated }) => repeated)} measured again.`,
  ].join('\n');
}

function rowOf({ where, method, said }: Row): string[] {
  const [identical, five, ten] = [1, 1.05, 1.1].map((slowdown) => said.filter((one) => one.slowdown === slowdown));
  const wrong = said.filter(({ slowdown, verdict }) => slowdown > 1 && verdict === 'faster');
  const medians = (identical ?? []).map(({ estimate }) => Math.exp(estimate));
  return [
    where,
    METHODS[method],
    rate(identical, isDifferent),
    rate(ten, ({ verdict }) => verdict === 'slower'),
    rate(five, ({ verdict }) => verdict === 'slower'),
    String(wrong.length),
    medians.length === 0 ? '' : `${Math.min(...medians).toFixed(2)}x – ${Math.max(...medians).toFixed(2)}x`,
  ];
}

function partOf(part: string, records: readonly EvidenceRecord[]): string[] {
  const said = records
    .filter(({ way, workload, strategy }) => way === 'quiet' && `${workload} ${strategy}` === part)
    .flatMap(judgeRecord);
  const [identical = [], five = [], ten = []] = [1, 1.05, 1.1].map((slowdown) =>
    said.filter((one) => one.slowdown === slowdown),
  );
  const measuredAs = (some: readonly Said[]): string =>
    some.length === 0 ? '' : percentOf(Math.expm1(median(some.map(({ estimate }) => estimate))));
  return [
    part,
    rate(identical, isDifferent),
    rate(ten, ({ verdict }) => verdict === 'slower'),
    rate(five, ({ verdict }) => verdict === 'slower'),
    said.length === 0 ? '' : percentOf(Math.expm1(median(said.map(({ halfWidth }) => halfWidth)))),
    measuredAs(ten),
    measuredAs(five),
  ];
}

function rate<One>(said: readonly One[] | undefined, isCounted: (one: One) => boolean): string {
  if (said === undefined || said.length === 0) return 'not measured';
  const count = said.filter(isCounted).length;
  return `${count} of ${said.length} (${percentOf(count / said.length)})`;
}

function percentOf(fraction: number): string {
  return `${(fraction * 100).toFixed(1)}%`;
}
