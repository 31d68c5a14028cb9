import { LanewiseError } from '../model/errors.ts';
import { number, type Kind } from './kind.ts';

/** A whole number from `least` to `most`. */
export function count(least: number, most = Number.MAX_SAFE_INTEGER): Kind<number> {
  return number((given, name) => wholeNumber(given, name, least, most));
}

/** @throws LanewiseError for any other */
export function wholeNumber(
  given: string | number,
  name: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const value = typeof given === 'number' || /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new LanewiseError('usage', `"${given}" cannot be used for ${name}: give a whole number ${range}.`);
}

/** A fraction above 0 and below 1, on the command line also a percentage. @param what cannot be used, said of any other */
export function fraction(what: (given: string | number, name: string) => string, example: string): Kind<number> {
  return number(
    (given, name) => {
      const percent = typeof given === 'number' ? null : /^(\d+(?:\.\d+)?)%$/.exec(given);
      const value = percent === null ? Number(given) : Number(percent[1]) / 100;
      if (String(given).trim() !== '' && value > 0 && value < 1) return value;
      const remedy =
        typeof given === 'number'
          ? 'a fraction above 0 and below 1'
          : `a percentage above 0 and below 100, for example ${name} ${example}`;
      throw new LanewiseError('usage', `${what(given, name)}: give ${remedy}.`);
    },
    (value) => `${Number((value * 100).toPrecision(6))}%`,
  );
}

/** Node fires a timer that is set for longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const MS_PER_UNIT = { ms: 1, s: 1000, m: 60_000 } as const;

/** Milliseconds; on the command line `500ms`, `60s`, `2m`, or a bare number of seconds. */
export const duration = number(
  (given, name) => {
    const ms = typeof given === 'number' ? given : durationMsOf(given);
    if (ms > 0 && ms <= LONGEST_TIMER_MS) return ms;
    throw new LanewiseError(
      'usage',
      typeof given === 'number'
        ? `"${given}" cannot be used for ${name}: give milliseconds above 0, and of 24 days at most.`
        : `"${given}" is no duration: give one above 0, and of 24 days at most, such as 500ms, 60s or 2m, for example ${name} 60s.`,
    );
  },
  (ms) => `${ms}ms`,
);

/** NaN for what is no duration. */
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
    throw new LanewiseError(
      'usage',
      typeof given === 'number'
        ? `"${given}" cannot be used for ${name}: give MiB above 0.`
        : `"${given}" is no amount of memory: give it with its unit (MiB, GiB, MB, GB), for example ${name} 512MiB.`,
    );
  },
  (mib) => `${Number(mib.toPrecision(6))}MiB`,
);
