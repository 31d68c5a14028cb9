import { randomInt } from 'node:crypto';
import { readEnvironment } from './measure/environment.ts';
import { findWorkloads } from './measure/find-workloads.ts';
import { measure } from './measure/measure.ts';
import type { Observer } from './measure/observer.ts';
import type { Judge, Plan, Results } from './model.ts';
import { planRun } from './plan/plan.ts';
import { resolveRequest, type RunRequest } from './plan/request.ts';
import { selectWorkloads } from './plan/select-workloads.ts';
import { RESULTS_SCHEMA_ID } from './results-schema-id.ts';
import { conclude, isDecided } from './stats/conclude.ts';
import { hitBlocks } from './stats/hit-blocks.ts';
import { readVersion } from './version.ts';

export { compareRuns } from './stats/compare-runs.ts';

/** Small enough to be typed again. */
const LARGEST_SEED = 2 ** 31;

/**
 * The whole flow: flags become a plan, a plan becomes samples, samples become comparisons and verdicts.
 *
 * @throws LanewiseError for anything that cannot be done as asked, before anything is measured
 */
export async function run(request: RunRequest, watch: (plan: Plan) => Observer): Promise<Results> {
  const startedAt = new Date();
  const environment = await readEnvironment();
  const resolved = resolveRequest(request, environment);
  const found = await findWorkloads(selectWorkloads(resolved.workloads));
  const plan = planRun(found, resolved, resolved.seed ?? randomInt(LARGEST_SEED), environment);
  const measured = await measure(plan, judgeOf(plan), watch(plan));
  const conclusions = conclude(measured, plan.options);
  return {
    schema: RESULTS_SCHEMA_ID,
    tool: { name: 'lanewise', version: readVersion() },
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    seed: plan.seed,
    environment,
    options: plan.options,
    ...conclusions,
    warnings: [...plan.warnings, ...conclusions.warnings],
  };
}

/** What is decided on the way: by statistics, which the measuring itself knows nothing of. */
function judgeOf({ options }: Plan): Judge {
  const { looks, noiseLimits } = options;
  return {
    isDecided: (measured) => looks !== undefined && isDecided(measured, options),
    hitBlocks: (blocks) => (noiseLimits === undefined ? [] : hitBlocks(blocks, noiseLimits)),
  };
}
