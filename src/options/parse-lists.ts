import { LanewiseError } from '../model/errors.ts';
import type { InFlight } from '../model/results.ts';
import { didYouMean } from '../model/nearest.ts';
import { STRATEGY_NAMES, type BuiltInStrategy } from '../model/strategies.ts';

/** More lanes than this on one machine is a slip of the pen. */
export const LARGEST_POOL = 1024;

/** `a,b` and repeated flags are the same list. */
export function splitList(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(',')).map((item) => item.trim());
}

export function parseStrategy(name: string): BuiltInStrategy {
  const known = STRATEGY_NAMES.find((strategy) => strategy === name);
  if (known !== undefined) return known;
  throw new LanewiseError(
    'usage',
    `Unknown strategy "${name}".${didYouMean(name, STRATEGY_NAMES)} There are: ${STRATEGY_NAMES.join(', ')}; one configuration is written event-loop@1x8, and one of yours is given by the path of its module, for example ./my-strategy.js.`,
  );
}

/** `1,2,4`, `1..8`, `cores` and `2*cores`, without repetitions. */
export function parsePoolSizes(values: readonly string[], cores: number): readonly number[] {
  const sizes = splitList(values).flatMap((item) => parsePoolSize(item, cores));
  return [...new Set(sizes)];
}

function parsePoolSize(item: string, cores: number): readonly number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(item);
  const multiple = /^(?:(\d+)\*)?cores$/.exec(item);
  const from = Number(range?.[1] ?? (multiple === null ? item : Number(multiple[1] ?? 1) * cores));
  const to = range === null ? from : Number(range[2]);
  const isWhole = /^\d+$/.test(item) || range !== null || multiple !== null;
  if (!isWhole || from < 1 || to < from || to > LARGEST_POOL) {
    throw new LanewiseError(
      'usage',
      `"${item}" is no pool size: give whole numbers from 1 to ${LARGEST_POOL}, a range like 1..8, cores or 2*cores, for example --pool-size 1,2,cores.`,
    );
  }
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** `1,4,all`, without repetitions. */
export function parseInFlight(values: readonly string[]): readonly InFlight[] {
  return [...new Set(splitList(values).map(parseOneInFlight))];
}

function parseOneInFlight(item: string): InFlight {
  if (item === 'all') return 'all';
  if (/^[1-9]\d*$/.test(item)) return Number(item);
  throw new LanewiseError(
    'usage',
    `"${item}" is no number of tasks in flight: give whole numbers from 1, or all, for example --in-flight 1,4,all.`,
  );
}

/** `90%` or `0.9`, as a fraction. NaN for anything that is not above 0 and below 100 %. */
function fractionOf(value: string): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(value);
  const fraction = percent === null ? Number(value) : Number(percent[1]) / 100;
  return value.trim() !== '' && fraction > 0 && fraction < 1 ? fraction : Number.NaN;
}

export function parseShare(value: string, flag: string): number {
  const fraction = fractionOf(value);
  if (fraction > 0) return fraction;
  throw new LanewiseError(
    'usage',
    `"${value}" cannot be used for --${flag}: give a percentage above 0 and below 100, for example --${flag} 90%.`,
  );
}

/** `5%` or `0.05`: the smallest difference worth telling, as a fraction. */
export function parseMinEffect(value: string): number {
  const fraction = fractionOf(value);
  if (fraction > 0) return fraction;
  throw new LanewiseError(
    'usage',
    `"${value}" is no smallest effect: give a percentage above 0 and below 100, for example --min-effect 5%.`,
  );
}

/** Node fires a timer that is set for longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MS_PER_UNIT = { ms: 1, s: 1000, m: 60_000 } as const;

/** `500ms`, `60s`, `2m`; a bare number is seconds. NaN for anything else. */
export function durationMsOf(value: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(value);
  const unit = parts?.[2] as keyof typeof MS_PER_UNIT | undefined;
  return parts === null ? Number.NaN : Number(parts[1]) * MS_PER_UNIT[unit ?? 's'];
}

export function parseDurationMs(value: string, flag: string): number {
  const durationMs = durationMsOf(value);
  if (durationMs > 0 && durationMs <= LONGEST_TIMER_MS) return durationMs;
  throw new LanewiseError(
    'usage',
    `"${value}" is no duration: give one above 0, and of 24 days at most, such as 500ms, 60s or 2m, for example --${flag} 60s.`,
  );
}

/** A whole number from `least` to `most`. */
export function parseCount(value: string, flag: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const count = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (count >= least && count <= most) return count;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new LanewiseError('usage', `"${value}" cannot be used for --${flag}: give a whole number ${range}.`);
}
