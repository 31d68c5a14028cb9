import type { Params } from '../../workers/contract.ts';
import { LanewiseError } from '../model/errors.ts';
import type { Workload } from '../model/plan.ts';
import { didYouMean } from '../model/nearest.ts';

/** One `--param name=v1,v2`: the values to try. */
export interface ParamScan {
  readonly name: string;
  readonly values: readonly unknown[];
}

export function parseParams(flags: readonly string[]): readonly ParamScan[] {
  const scans = flags.map((flag) => {
    const [, name, list] = /^([^=]+)=(.*)$/s.exec(flag) ?? [];
    if (name === undefined || list === undefined || list === '') {
      throw new LanewiseError('usage', `"${flag}" is no param: give name=value, for example --param bytes=1024,65536.`);
    }
    return { name, values: parseValues(list) };
  });
  const twice = scans.find((scan, index) => scans.findIndex((other) => other.name === scan.name) !== index);
  if (twice === undefined) return scans;
  throw new LanewiseError(
    'usage',
    `The param "${twice.name}" is given twice: list its values once, for example --param ${twice.name}=1,2.`,
  );
}

/** A JSON list or object is one value; otherwise commas separate values, and each counts once. */
function parseValues(list: string): readonly unknown[] {
  if (/^[[{]/.test(list)) return [parseValue(list)];
  const values = new Map(list.split(',').map((text) => [JSON.stringify(parseValue(text)), parseValue(text)]));
  return [...values.values()];
}

/** Numbers, booleans and JSON are what they look like; anything else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/**
 * Every set of params in which a workload is to be measured: its defaults, with each scanned param at each value.
 *
 * @throws LanewiseError if no workload has a param, or a value is of another type than the default
 */
export function scanParams(workload: Workload, scans: readonly ParamScan[]): readonly Params[] {
  return scans
    .filter(({ name }) => name in workload.params)
    .reduce<readonly Params[]>(
      (sets, scan) =>
        sets.flatMap((set) =>
          scan.values.map((value) => ({ ...set, [scan.name]: checked(workload, scan.name, value) })),
        ),
      [workload.params],
    );
}

/** @throws LanewiseError if a param belongs to none of the workloads */
export function checkParamNames(workloads: readonly Workload[], scans: readonly ParamScan[]): void {
  const known = [...new Set(workloads.flatMap((workload) => Object.keys(workload.params)))];
  const unknown = scans.find(({ name }) => !known.includes(name));
  if (unknown === undefined) return;
  const names = workloads.map((workload) => workload.name).join(', ');
  const has = known.length === 0 ? 'takes no params' : `takes ${known.join(', ')}`;
  throw new LanewiseError(
    'usage',
    `Unknown param "${unknown.name}": ${names} ${has}.${didYouMean(unknown.name, known)}`,
  );
}

function checked(workload: Workload, name: string, value: unknown): unknown {
  const fallback = workload.params[name];
  if (fallback === null || typeof value === typeof fallback) return value;
  throw new LanewiseError(
    'usage',
    `The param "${name}" of ${workload.name} is a ${typeof fallback} (${JSON.stringify(fallback)} unless told otherwise), so ${JSON.stringify(value)} cannot be used for it.`,
  );
}
