import { setImmediate as nextTurn } from 'node:timers/promises';
import { measure } from '../measure/measure.ts';
import type { BegunRun, CellLog, DroppedFor, Measured, StoppingRules } from '../model/measured.ts';
import type { FoundWorkload, Group, Plan, Runtime } from '../model/plan.ts';
import { withoutPrivate } from '../model/text.ts';
import { RESULTS_SCHEMA_ID, type Environment, type Results } from '../model/results.ts';
import { conclude, decided, type Conclusions } from '../stats/conclude.ts';
import { sameInRace } from '../stats/same-program.ts';
import { hitBlocks } from '../stats/stopping-rules.ts';
import { selecting, withConfirmation } from '../plan/cells.ts';
import { couldDrop, dropped, rulesOf } from '../model/evidence.ts';
import { shortId } from '../model/cell-id.ts';
import type { Stepwise } from '../stats/predict.ts';
import { allowsBusy, readPiscinaVersion, readVersion } from '../system/surroundings.ts';
import { likelyKinds, measuredKinds, type Found } from './find.ts';
import type { Follower, Stage } from './session.ts';

/**
 * Takes the lock of the machine and makes the plan; kinds of undeclared workloads are measured first.
 *
 * @param toPlan called twice, to refuse a request that cannot be met before anything is started
 * @throws LanewiseError for a request that cannot be met
 */
export async function planned(
  found: Found,
  toPlan: (workloads: readonly FoundWorkload[]) => Plan,
  session: Follower,
): Promise<Plan> {
  toPlan(likelyKinds(found));
  const { isShared } = await session.lock();
  const plan = toPlan(await measuredKinds(found));
  const beside: Plan['warnings'] = isShared ? [{ kind: 'shared-machine' }] : [];
  const options = { ...plan.options, ...(allowsBusy() && { allowBusy: true as const }) };
  return { ...plan, options, warnings: [...beside, ...found.warnings, ...plan.warnings] };
}

/**
 * Waits for other machines, where the plan has some; their code is loaded only then.
 *
 * @throws LanewiseError if they do not come
 */
export async function joined(
  plan: Plan,
  insecure: boolean | undefined,
  session: Follower,
): Promise<{ readonly plan: Plan; readonly leave: () => Promise<void> }> {
  const isSpread = plan.groups.some(({ cells }) => cells.some(({ machines }) => machines !== undefined));
  if (!isSpread) return { plan, leave: () => Promise.resolve() };
  return (await import('./with-machines.ts')).withMachines(plan, insecure, session);
}

/** Turns a plan into samples. */
export function sampled(
  stage: Stage,
  cores: number,
  session: Pick<Follower, 'signal' | 'follow'>,
  begun?: BegunRun,
  further: Partial<StoppingRules> = {},
): Promise<Measured> {
  const { plan, spentMs } = stage;
  const measuring = measure(plan, {
    rules: { ...stoppingRules(plan, cores), ...further },
    signal: session.signal,
    begun: begun?.groups,
    spentMs,
  });
  return session.follow(stage, measuring);
}

/** Turns a plan into samples, and samples into conclusions. */
export async function carriedOut(
  stage: Stage,
  cores: number,
  session: Pick<Follower, 'signal' | 'follow'>,
  begun?: BegunRun,
  further?: Partial<StoppingRules>,
): Promise<Conclusions> {
  const { options } = stage.plan;
  const found = await sampled(stage, cores, session, begun, further);
  const predictions = options.predict && (await predicted(found, options, cores, session.signal));
  return withoutPrivate({
    ...conclude(found, options, cores),
    ...(predictions !== undefined && predictions.length > 0 && { predictions }),
  });
}

/** @returns undefined: not finished */
async function predicted(
  found: Measured,
  options: Plan['options'],
  cores: number,
  signal: AbortSignal,
): Promise<Results['predictions']> {
  const { predict } = await import('../stats/predict.ts');
  return unlessAborted(predict(found, options, cores), signal);
}

/** Handles signals between two steps. @returns undefined: not finished */
async function unlessAborted<Value>(work: Stepwise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done === true) return step.value;
    await nextTurn();
    if (signal.aborted) return undefined;
  }
}

/** Decisions during measuring: they need statistics, which measuring itself does not know. */
function stoppingRules({ options, seed }: Plan, cores: number): StoppingRules {
  const { looks, noiseLimits } = options;
  return {
    decided: (measured) => (looks === undefined ? [] : decided(measured, options, cores)),
    dropped: (group, logs) => {
      const far = dropped(...raced(group, logs)).map((id) => [id, 'far-behind'] as const);
      const same = sameInRace(group, logs).map((id) => [id, 'same-program'] as const);
      return new Map<string, DroppedFor>([...same, ...far]);
    },
    couldDrop: (group, logs) => couldDrop(...raced(group, logs)),
    confirmed: (group, left, batchMs) =>
      withConfirmation(group, left, group.selectBy === undefined ? options : selecting(options, batchMs), seed),
    hitBlocks: (blocks) => (noiseLimits === undefined ? [] : hitBlocks(blocks, noiseLimits)),
  };
}

/** Cells that are left in a race, the one that stays, and the rules. */
function raced(group: Group, logs: readonly CellLog[]): Parameters<typeof dropped> {
  return [
    logs
      .filter(({ error, droppedFor }) => error === undefined && droppedFor === undefined)
      // A version is dropped only together with the other one.
      .map(({ cell: { id, version: _either, ...unit }, startsMs }) => ({ id, unit: shortId(unit), startsMs })),
    // The baseline of a tuning joins the finalists however slow it was.
    group.selectBy === undefined ? group.baseline : undefined,
    rulesOf(group),
  ];
}

/** Conclusions, with everything a reader needs to know about the run. */
export function resultsOf(
  conclusions: Conclusions,
  { plan, began }: Stage,
  environment: Environment,
  begun?: BegunRun,
): Results {
  return {
    schema: RESULTS_SCHEMA_ID,
    tool: { name: 'lanewise', version: readVersion(), piscina: readPiscinaVersion() },
    ...timesOf(began, begun),
    seed: plan.seed,
    environment,
    ...(plan.runtimes.length > 0 && { runtimes: withoutPrivate(plan.runtimes.map(withoutPath)) }),
    options: plan.options,
    ...conclusions,
    warnings: [...plan.warnings, ...conclusions.warnings],
  };
}

/** When it began, perhaps in an earlier process, and how long it took. */
export function timesOf(
  began: Stage['began'],
  begun: BegunRun | undefined,
): Pick<Results, 'startedAt' | 'durationMs' | 'resumedAt'> {
  return {
    startedAt: begun?.startedAt ?? began.at,
    durationMs: (begun?.durationMs ?? 0) + began.elapsedMs(),
    ...(begun !== undefined && { resumedAt: [...begun.resumedAt, began.at] }),
  };
}

/** Omits the path of the Node binary, which is private. */
function withoutPath({ execPath: _path, flags, ...runtime }: Runtime): NonNullable<Results['runtimes']>[number] {
  return { ...runtime, flags: [...flags] };
}
