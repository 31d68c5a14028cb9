import { LOAD_SCHEMA_ID, type LoadResults } from '../model/load.ts';
import type { BegunRun } from '../model/measured.ts';
import type { Environment } from '../model/results.ts';
import { withoutPrivate } from '../model/text.ts';
import type { ResolvedLoad } from '../plan/resolve-load.ts';
import { concludeLoad } from '../stats/load/conclude-load.ts';
import { readVersion } from '../system/surroundings.ts';
import { heldIn, type MeasuredPlan } from './holding.ts';
import type { Stage } from './session.ts';
import { timesOf } from './stages.ts';

export { planLoad } from '../plan/plan-load.ts';
export { resolveLoad } from '../plan/resolve-load.ts';
export { heldIn };

/** Conclusions, with everything a reader needs to know about the measurement. */
export function loadResultsOf(
  { plan, measured }: MeasuredPlan,
  { load }: Pick<ResolvedLoad, 'load'>,
  { began }: Pick<Stage, 'began'>,
  environment: Environment,
  begun?: BegunRun,
): LoadResults {
  const { strategies, poolSizes, baseline, preset, blocks, rounds, minEffect, timeoutMs } = plan.options;
  const {
    arrivals,
    objective,
    rates,
    maxQueue = null,
    giveUpMs = null,
    pingObjectiveMs,
    overload,
    stricterFifo,
  } = load;
  const { via, connections, probePerSecond } = load;
  const { requests, settling, leastWindowMs } = plan.groups[0]?.load ?? load;
  const conclusions = concludeLoad(measured, plan, environment.cores);
  return {
    schema: LOAD_SCHEMA_ID,
    tool: { name: 'lanewise', version: readVersion() },
    ...timesOf(began, begun),
    seed: plan.seed,
    environment,
    options: {
      strategies,
      poolSizes,
      baseline,
      preset,
      blocks,
      rounds,
      minEffect,
      timeoutMs,
      ...(objective && { objective }),
      rates: rates === undefined ? null : [...rates],
      arrivals,
      via,
      ...(connections !== undefined && { connections }),
      ...(probePerSecond !== undefined && { probePerSecond }),
      requests,
      settling,
      ...(leastWindowMs !== undefined && { leastWindowMs }),
      maxQueue,
      giveUpMs,
      ...(pingObjectiveMs !== undefined && { pingObjectiveMs }),
      ...(overload && { overload }),
      ...(plan.options.versusRef && { versusRef: plan.options.versusRef }),
      stricterFifo,
    },
    ...withoutPrivate(conclusions),
    warnings: [...plan.warnings, ...conclusions.warnings],
  };
}
