import type { RunRequest } from '../plan/request.ts';
import type { TuningRequest } from '../plan/tuning-request.ts';
import { isSet, listOf, textOf, type Args } from './args.ts';

/** Flags of all that measures. */
const TEXTS = [
  'tasks',
  'input',
  'preset',
  'blocks',
  'rounds',
  'minEffect',
  'timeout',
  'startTimeout',
  'atomics',
  'seed',
] as const;
const LISTS = ['strategy', 'poolSize', 'inFlight', 'param'] as const;

export function runRequestOf(args: Args): RunRequest {
  return {
    ...given(args, [...TEXTS, 'baseline', 'timeLimit', 'uvThreads', 'predictCores'], [...LISTS, 'predict']),
    ...withoutCeiling(args),
    workloads: listOf(args, 'workload') ?? [],
    versus: isSet(args, 'versus'),
    untilDecided: isSet(args, 'untilDecided'),
  };
}

export function tuningRequestOf(args: Args): TuningRequest {
  return {
    ...given(args, [...TEXTS, 'for', 'current', 'minThroughput', 'maxMemory', 'maxPoolSize'], [...LISTS, 'uvThreads']),
    ...withoutCeiling(args),
    workload: textOf(args, 'workload') ?? '',
  };
}

function withoutCeiling({ ceiling }: Args): Pick<RunRequest, 'ceilingLanes'> {
  return ceiling === false ? { ceilingLanes: [] } : {};
}

function given(
  args: Args,
  texts: readonly string[],
  lists: readonly string[],
): Readonly<Record<string, string | readonly string[]>> {
  const all = [
    ...texts.map((flag) => [flag, textOf(args, flag)] as const),
    ...lists.map((flag) => [flag, listOf(args, flag)] as const),
  ];
  return Object.fromEntries(all.flatMap(([flag, value]) => (value === undefined ? [] : [[flag, value]])));
}
