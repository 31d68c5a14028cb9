import { hasPool } from '../plan/configurations.ts';
import { splitList } from './parse-lists.ts';
import type { RunRequest } from './request.ts';
import { tuningPartOf, type TuningRequest } from './tuning-request.ts';
import { isSet, listOf, textOf, type Args } from './args.ts';
import { readInputs } from './read-inputs.ts';

/** Flags of all that measures. */
const TEXTS = [
  'tasks',
  'input',
  'workerData',
  'preset',
  'blocks',
  'rounds',
  'minEffect',
  'timeout',
  'startTimeout',
  'atomics',
  'seed',
  'verify',
] as const;
const LISTS = ['strategy', 'poolSize', 'inFlight', 'param', 'node', 'nodeOption'] as const;

/** @param configured what holds where no flag says otherwise */
export function runRequestOf(args: Args, configured: RunRequest = {}): RunRequest {
  const workloads = listOf(args, 'workload');
  return {
    ...withoutOverruled(configured, args),
    ...given(
      args,
      [...TEXTS, 'baseline', 'timeLimit', 'uvThreads', 'predictCores', 'versusRef'],
      [...LISTS, 'predict'],
    ),
    ...withoutCeiling(args),
    ...inputsIn(args),
    ...(workloads !== undefined && { workloads }),
    ...(isSet(args, 'versus') && { versus: true }),
    ...(isSet(args, 'untilDecided') && { untilDecided: true }),
  };
}

/** @param configured what holds where no flag says otherwise, as far as it is about a tuning */
export function tuningRequestOf(args: Args, configured: RunRequest = {}): TuningRequest {
  return {
    ...tuningPartOf(withoutOverruled(configured, args)),
    ...given(args, [...TEXTS, 'for', 'current', 'minThroughput', 'maxMemory', 'maxPoolSize'], [...LISTS, 'uvThreads']),
    ...withoutCeiling(args),
    ...inputsIn(args),
    workload: textOf(args, 'workload') ?? '',
  };
}

/** Two flags can ask for the same thing in two ways, and strategies without a pool leave nothing that tasks at once could be set for. */
function withoutOverruled({ inputs, inFlight, versus, versusRef, ...configured }: RunRequest, args: Args): RunRequest {
  const strategies = listOf(args, 'strategy');
  return {
    ...configured,
    ...(versus !== undefined && textOf(args, 'versusRef') === undefined && { versus }),
    ...(versusRef !== undefined && !isSet(args, 'versus') && { versusRef }),
    ...(inputs !== undefined && textOf(args, 'input') === undefined && { inputs }),
    ...(inFlight !== undefined && (strategies === undefined || splitList(strategies).some(hasPool)) && { inFlight }),
  };
}

function withoutCeiling({ ceiling }: Args): Pick<RunRequest, 'ceilingLanes'> {
  return ceiling === false ? { ceilingLanes: [] } : {};
}

function inputsIn(args: Args): Pick<RunRequest, 'inputs'> {
  const path = textOf(args, 'inputs');
  return path === undefined ? {} : { inputs: readInputs(path) };
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
