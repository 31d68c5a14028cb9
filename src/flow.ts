/**
 * The flow of Lanewise from top to bottom: environment → plan → measure → conclude → report. A session
 * (`flow/session.ts`) asks, follows and reads; every flow is made of the same stages, each in its own room. Code that
 * only a tuning or the doctor needs is loaded on demand.
 */
import type { DoctorRequest } from './flow/examining.ts';
import { find } from './flow/find.ts';
import type { Follower, Session, Stage } from './flow/session.ts';
import { carriedOut, joined, planned, resultsOf, sampled } from './flow/stages.ts';
import { readEnvironment } from './measure/environment.ts';
import type { Diagnosis } from './model/diagnosis.ts';
import type { BegunRun } from './model/measured.ts';
import type { LoadResults } from './model/load.ts';
import type { Environment, Results, TuningResults } from './model/results.ts';
import { resolveRequest, type RunRequest } from './plan/resolve.ts';
import type { LoadRequest } from './plan/resolve-load.ts';
import type { TuningRequest } from './plan/resolve-tuning.ts';
import { planRun } from './plan/plan.ts';
import { begin, type Beginning } from './system/surroundings.ts';

/** Request of a run, with the blocks that an earlier process measured. */
export interface RunAsked {
  readonly request: RunRequest;
  readonly begun?: BegunRun | undefined;
}

/**
 * Measures workloads in all requested configurations and recommends one.
 *
 * @throws LanewiseError for a request that cannot be met, before anything is measured
 */
export async function run<Output>(session: Session<RunAsked, Results, Output>): Promise<Output> {
  const asking = begin();
  const environment = readEnvironment();
  return session.report(await ran(await session.ask(environment), environment, session, asking));
}

/** Plan → measure → conclude. */
async function ran(
  { request, begun }: RunAsked,
  environment: Environment,
  session: Follower,
  asking: Beginning = begin(),
): Promise<Results> {
  const found = await find(resolveRequest(request, environment), environment);
  try {
    const alone = await planned(
      found,
      (modules) => planRun(modules, found.request, found.seed, found.machine),
      session,
    );
    const { plan, leave } = await joined(alone, found.request.insecure, session);
    try {
      const stage: Stage = { plan, began: begin(), spentMs: asking.elapsedMs() };
      const conclusions = await carriedOut(stage, environment.cores, session, begun);
      return resultsOf(conclusions, stage, environment, begun);
    } finally {
      await leave();
    }
  } finally {
    found.remove();
  }
}

/**
 * Finds the configuration to use: screens a coarse grid, measures the best candidates again in separate blocks, and
 * chooses from those alone.
 *
 * @throws LanewiseError for a request that cannot be met, before anything is measured
 */
export async function tune<Output>(session: Session<TuningRequest, TuningResults, Output>): Promise<Output> {
  const tuning = await import('./flow/tuning.ts');
  const asking = begin();
  const environment = readEnvironment();
  const asked = await session.ask(environment);
  const resolved = tuning.resolveTuning(asked, environment);
  tuning.checkTunable(resolved, environment);
  const found = tuning.onOneNode(await find(resolved.request, environment));
  try {
    const asTuned = { ...resolved, request: found.request };
    const screening = await planned(
      found,
      (modules) => tuning.planScreening(modules, asTuned, found.seed, found.machine),
      session,
    );
    const began = begin();
    const { cores } = environment;
    const selecting = tuning.selectingRules(screening);
    const conclusions = await carriedOut(
      { plan: screening, began, phase: 'screening', spentMs: asking.elapsedMs() },
      cores,
      session,
      undefined,
      selecting,
    );
    const screened = tuning.screened(screening, conclusions, began.elapsedMs());
    const plan = tuning.planFinalists(screened, asTuned, cores);
    const confirmed =
      plan && (await carriedOut({ plan, began, phase: 'confirming', spentMs: asking.elapsedMs() }, cores, session));
    const results = resultsOf(tuning.joined(screened, confirmed), { plan: plan ?? screening, began }, environment);
    return session.report(tuning.tuned(results, screened, asked.workload, asTuned));
  } finally {
    found.remove();
  }
}

/** Request of a load measurement, with the blocks that an earlier process measured. */
export interface LoadAsked {
  readonly request: LoadRequest;
  readonly begun?: BegunRun | undefined;
}

/**
 * Lets tasks arrive at given rates, whether or not earlier ones are done, and measures how long each takes to its result.
 *
 * @throws LanewiseError for a request that cannot be met, before anything is measured
 */
export async function load<Output>(session: Session<LoadAsked, LoadResults, Output>): Promise<Output> {
  const loading = await import('./flow/loading.ts');
  const asking = begin();
  const environment = readEnvironment();
  const { request, begun } = await session.ask(environment);
  const asked = loading.resolveLoad(request, environment);
  const found = await find(asked.request, environment);
  try {
    const named = { ...asked, request: found.request };
    const plan = await planned(
      found,
      (modules) => loading.planLoad(modules, named, found.seed, found.machine),
      session,
    );
    const stage: Stage = { plan, began: begin(), spentMs: asking.elapsedMs() };
    const windows =
      asked.load.rates === undefined
        ? await loading.heldIn(stage, named, environment.cores, session, begun)
        : { plan, measured: await sampled(stage, environment.cores, session, begun) };
    return session.report(loading.loadResultsOf(windows, asked, stage, environment, begun));
  } finally {
    found.remove();
  }
}

/**
 * Examines what this machine can measure: its facts; then twins of the event loop and of worker threads for the noise,
 * independent processes for the upper bound, and the startup of a thread and of a process. About a minute.
 *
 * @throws LanewiseError if it is aborted, since half a diagnosis misleads
 */
export async function doctor<Output>(session: Session<DoctorRequest, Diagnosis, Output>): Promise<Output> {
  const examining = await import('./flow/examining.ts');
  const environment = readEnvironment();
  const asked = await session.ask(environment);
  const facts = await examining.readFacts(environment);
  if (asked.factsOnly) return session.report(examining.diagnosisOf(facts));
  const { twins, starts } = examining.examinations(asked, environment.cores);
  return session.report(
    examining.diagnosisOf(facts, {
      twins: examining.requireComplete(await ran({ request: twins }, environment, session)),
      starts: examining.requireComplete(await ran({ request: starts }, environment, session)),
    }),
  );
}
