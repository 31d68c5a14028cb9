import { configurationId } from '../model/cell-id.ts';
import type { Language, TaughtConfiguration } from '../model/lessons.ts';
import { messageOf, type CheckedRun } from './checked-run.ts';
import type { Context, Unit } from './units.ts';

/** Noise can make a claim fail, so it is measured again. */
const MOST_ATTEMPTS = 3;

/** Measures and checks, again if a claim fails; an error is not retried. */
export async function attempt(
  { configurations, perform }: Unit,
  context: Context,
): Promise<readonly TaughtConfiguration[]> {
  const { curriculum, signal } = context;
  const beganMs = performance.now();
  let found: readonly CheckedRun[] | string = '';
  let attempts = 0;
  do {
    attempts += 1;
    found = await perform(context).catch((thrown: unknown) => messageOf(thrown));
  } while (!isSettled(found) && attempts < MOST_ATTEMPTS && !signal.aborted);
  // All configurations share the time of a batch lesson.
  const durationMs = (performance.now() - beganMs) / configurations.length;
  return configurations.map((configuration, index) => ({
    configuration: configurationId(configuration),
    strategy: configuration.strategy,
    poolSize: configuration.poolSize,
    concurrency: configuration.concurrency,
    durationMs,
    attempts,
    ...outcomeOf(typeof found === 'string' ? found : (found[index] ?? 'not measured'), curriculum.language),
  }));
}

function isSettled(found: readonly CheckedRun[] | string): boolean {
  return typeof found === 'string' || found.every(isPassed);
}

function isPassed({ claims }: CheckedRun): boolean {
  return claims.every(({ pass }) => pass);
}

type Outcome = Pick<TaughtConfiguration, 'pass' | 'claims' | 'notMeasured' | 'slices' | 'error'>;

/** @param found the reason as text if it could not be run */
function outcomeOf(found: CheckedRun | string, language: Language): Outcome {
  if (typeof found === 'string') return { pass: false, claims: [], notMeasured: [], slices: [], error: found };
  const { claims, notMeasured = [], slices } = found;
  return {
    pass: isPassed(found),
    claims: claims.map((claim) => ({ ...claim, text: claim.text[language] })),
    notMeasured: notMeasured.map((reason) => reason[language]),
    slices,
    error: undefined,
  };
}
