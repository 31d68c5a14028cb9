/** Options that are a quantity with its unit: durations and memory. */
import { invalid } from '../model/errors.ts';
import { number } from './option.ts';

/** A timer set for longer fires at once in Node. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MS_PER_UNIT = { ms: 1, s: 1000, m: 60_000 } as const;

function durationOf(given: string | number, name: string): number {
  const ms = typeof given === 'number' ? given : durationMsOf(given);
  if (ms > 0 && ms <= LONGEST_TIMER_MS) return ms;
  const unit = typeof given === 'number' ? 'milliseconds' : 'a duration such as 500ms, 60s or 2m';
  throw invalid(name, given, `${unit}, above 0 and at most 24 days`);
}

const written = (ms: number): string => `${ms}ms`;

/** Milliseconds; on the command line `500ms`, `60s`, `2m`, or a bare number of seconds. */
export const duration = number(durationOf, written);

/** Milliseconds, as a {@link duration}, but on the command line with a unit. */
export const shortDuration = number(
  (given, name) => durationOf(typeof given === 'number' ? given : withUnit(given, name), name),
  written,
);

/** A bare number of a latency could mean milliseconds or seconds. @throws LanewiseError */
export function withUnit(given: string, name: string, quoted = given): string {
  if (!/^[\d.]+$/.test(given) || !(Number(given) > 0)) return given;
  throw invalid(name, quoted, `a unit: ${quoted}ms or ${quoted}s`);
}

/** Milliseconds of a duration; NaN for an invalid one. */
export function durationMsOf(given: string): number {
  const parts = /^(\d+(?:\.\d+)?)(ms|s|m)?$/.exec(given);
  const unit = parts?.[2] as keyof typeof MS_PER_UNIT | undefined;
  return parts === null ? Number.NaN : Number(parts[1]) * MS_PER_UNIT[unit ?? 's'];
}

const MIB_PER_UNIT = { MiB: 1, GiB: 1024, MB: 1e6 / 2 ** 20, GB: 1e9 / 2 ** 20 } as const;

/** MiB; on the command line with a unit. */
export const memory = number(
  (given, name) => {
    const parts = typeof given === 'number' ? null : /^(\d+(?:\.\d+)?)(MiB|GiB|MB|GB)$/.exec(given);
    const unit = parts?.[2] as keyof typeof MIB_PER_UNIT | undefined;
    const mib = typeof given === 'number' ? given : unit === undefined ? 0 : Number(parts?.[1]) * MIB_PER_UNIT[unit];
    if (mib > 0) return mib;
    const isMiB = typeof given === 'number';
    throw invalid(name, given, isMiB ? 'MiB above 0' : 'memory with its unit, such as 512MiB, 2GiB, 512MB or 2GB');
  },
  (mib) => `${Number(mib.toPrecision(6))}MiB`,
);
