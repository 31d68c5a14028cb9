import { readEnvironment } from '../measure/environment.ts';
import { findRuntimes } from '../measure/find-runtimes.ts';
import { findStrategies } from '../measure/find-strategies.ts';
import { findWorkloads } from '../measure/find-workloads.ts';
import { likelyKind, withKinds } from './kinds.ts';
import { takeLock, type LockOptions } from '../session/lock.ts';
import { measure } from '../measure/measure.ts';
import type { Observer } from '../measure/observer.ts';
import { startTimeLimit } from '../measure/time-limit.ts';
import type { BegunRun, Judge, Measured } from '../model/measured.ts';
import type { Plan, Runtime } from '../model/plan.ts';
import type { Environment, Results } from '../model/results.ts';
import { nameStrategies } from '../plan/name-strategies.ts';
import { planRun } from '../plan/plan.ts';
import { resolveRequest, type RunRequest } from '../options/request.ts';
import { isPath } from '../model/module-path.ts';
import { selectWorkloads } from '../plan/select-workloads.ts';
import { RESULTS_SCHEMA_ID } from '../model/results-schema-id.ts';
import { conclude, isDecided, type Conclusions } from '../stats/conclude.ts';
import { farBehind } from '../stats/far-behind.ts';
import { hitBlocks } from '../stats/hit-blocks.ts';
import { withoutFolders } from '../model/private.ts';
import { randomSeed } from '../system/random-seed.ts';
import { readPiscinaVersion, readVersion } from '../system/version.ts';
import { findVersions } from './versions.ts';

export { compareRuns } from '../stats/compare-runs.ts';
export { inheritedDifferences } from '../stats/run-differences.ts';

export interface RunContext {
  /** While another Lanewise is measuring; undefined: refuse. */
  readonly lock?: LockOptions;
  /** What another process has measured of the run. */
  readonly begun?: BegunRun;
}

/**
 * The whole flow: flags become a plan, a plan becomes samples, samples become comparisons and verdicts.
 *
 * @throws LanewiseError for anything that cannot be done as asked, before anything is measured
 */
export async function run(
  request: RunRequest,
  watch: (plan: Plan, startedAt: Date) => Observer | Promise<Observer>,
  { lock: lockOptions = { mode: 'refuse' }, begun }: RunContext = {},
): Promise<Results> {
  const environment = await readEnvironment();
  const asked = resolveRequest(request, environment);
  const { startTimeoutMs } = asked.options;
  const own = await findStrategies(asked.options.strategies.filter(isPath), startTimeoutMs);
  const resolved = nameStrategies(asked, own.strategies);
  const versions = await findVersions(selectWorkloads(resolved.workloads), resolved.versusRef);
  try {
    const found = await findWorkloads(versions.places, { workerData: resolved.workerData, startTimeoutMs });
    const machine = { ...environment, runtimes: await findRuntimes(resolved), ownStrategies: own.strategies };
    const full = { ...resolved, options: { ...resolved.options, ...versions.options } };
    const seed = full.seed ?? randomSeed();
    // What cannot be done as asked is refused before anything is started.
    planRun(
      found.map((module) => likelyKind(module, full)),
      full,
      seed,
      machine,
    );
    const lock = await takeLock(lockOptions);
    try {
      const known = await withKinds(found, full, { options: full.options, seed, runtimes: machine.runtimes });
      const plan = withWarnings(planRun(known, full, seed, machine), [...own.warnings, ...versions.warnings]);
      const startedAt = new Date();
      const conclusions = await carryOut(plan, environment.cores, await watch(plan, startedAt), begun);
      return resultsOf(conclusions, plan, { environment, isShared: lock.isShared, ...timesOf(startedAt, begun) });
    } finally {
      lock.release();
    }
  } finally {
    versions.remove();
  }
}

/** With what was found out before it was made. */
export function withWarnings(plan: Plan, warnings: Plan['warnings']): Plan {
  return { ...plan, warnings: [...warnings, ...plan.warnings] };
}

/** A plan becomes samples, samples become what they mean. */
export async function carryOut(plan: Plan, cores: number, observer: Observer, begun?: BegunRun): Promise<Conclusions> {
  return withoutFolders(conclude(await measureLimited(plan, observer, begun), plan.options, cores));
}

type Times = Pick<Results, 'startedAt' | 'durationMs' | 'resumedAt'>;

export function resultsOf(
  conclusions: Conclusions,
  plan: Plan,
  { environment, isShared, ...times }: Times & { readonly environment: Environment; readonly isShared: boolean },
): Results {
  const beside: Results['warnings'] = isShared ? [{ kind: 'shared-machine' }] : [];
  return {
    schema: RESULTS_SCHEMA_ID,
    tool: { name: 'lanewise', version: readVersion(), piscina: readPiscinaVersion() },
    ...times,
    seed: plan.seed,
    environment,
    ...(plan.runtimes.length > 0 && { runtimes: withoutFolders(plan.runtimes.map(told)) }),
    options: plan.options,
    ...conclusions,
    warnings: [...beside, ...plan.warnings, ...conclusions.warnings],
  };
}

/** Where a user keeps their Node is nobody’s concern. */
function told({ execPath: _path, flags, ...runtime }: Runtime): NonNullable<Results['runtimes']>[number] {
  return { ...runtime, flags: [...flags] };
}

async function measureLimited(plan: Plan, observer: Observer, begun: BegunRun | undefined): Promise<Measured> {
  const limited = startTimeLimit(observer, plan.options.timeLimitMs);
  try {
    return await measure(plan, judgeOf(plan), limited.observer, begun?.groups);
  } finally {
    limited.end();
  }
}

function timesOf(startedAt: Date, begun: BegunRun | undefined): Times {
  const durationMs = Date.now() - startedAt.getTime();
  if (begun === undefined) return { startedAt: startedAt.toISOString(), durationMs };
  return {
    startedAt: begun.startedAt,
    durationMs: begun.durationMs + durationMs,
    resumedAt: [...begun.resumedAt, startedAt.toISOString()],
  };
}

/** What is decided on the way: by statistics, which the measuring itself knows nothing of. */
function judgeOf({ options }: Plan): Judge {
  const { looks, noiseLimits } = options;
  return {
    isDecided: (measured) => looks !== undefined && isDecided(measured, options),
    farBehind,
    hitBlocks: (blocks) => (noiseLimits === undefined ? [] : hitBlocks(blocks, noiseLimits)),
  };
}
