import type { Difference } from '../model/comparison.ts';
import type { Environment } from '../model/results.ts';
import type { ComparableRun } from './comparable-run.ts';

type Value = Difference['old'];
type Fact = readonly [what: string, old: Value | undefined, current: Value | undefined];

type Compared = Pick<ComparableRun, 'environment' | 'options'>;

/** Differences around two runs that can themselves explain a change. */
export function runDifferences(
  { environment: was, options: before }: Compared,
  { environment: is, options: after }: Compared,
): readonly Difference[] {
  return differing([
    ['UV_THREADPOOL_SIZE', before.uvThreads ?? was.uvThreads, after.uvThreads ?? is.uvThreads],
    ...limitsAndVariables(was, is),
    ['Node', was.node, is.node],
    ['--atomics', before.atomics, after.atomics],
    ['CPU quota', was.cpuQuota, is.cpuQuota],
    ['memory limit in bytes', was.memoryLimitBytes, is.memoryLimitBytes],
    ['CPU governor', was.governor, is.governor],
  ]);
}

/** {@link runDifferences} in what processes inherit. */
export function inheritedDifferences(was: Environment, is: Environment): readonly Difference[] {
  return differing([['UV_THREADPOOL_SIZE', was.uvThreads, is.uvThreads], ...limitsAndVariables(was, is)]);
}

function limitsAndVariables(was: Environment, is: Environment): readonly Fact[] {
  const names = new Set([was, is].flatMap(({ variables = {} }) => Object.keys(variables)));
  return [
    ['--cpus', was.emulated?.cpus ?? null, is.emulated?.cpus ?? null],
    ['--memory in MiB', was.emulated?.memory ?? null, is.emulated?.memory ?? null],
    ['NODE_OPTIONS', flagsOf(was), flagsOf(is)],
    ...[...names].map((name): Fact => [name, valueOf(was, name), valueOf(is, name)]),
  ];
}

function flagsOf({ nodeFlags }: Environment): Value | undefined {
  return nodeFlags && (nodeFlags.join(' ') || null);
}

function valueOf({ variables }: Environment, name: string): Value | undefined {
  return variables && (variables[name] ?? null);
}

/** Undefined comes from an earlier version of Lanewise that did not record it, and is no difference. */
function differing(facts: readonly Fact[]): readonly Difference[] {
  return facts.flatMap(([what, old, current]) =>
    old === undefined || current === undefined || old === current ? [] : [{ what, old, new: current }],
  );
}
