import { completed } from './complete-results.ts';
import { findContradiction } from './contradictions.ts';
import { LanewiseError } from './errors.ts';
import { RESULTS_SCHEMA_ID, type Results } from './results.ts';
import { clip, quote } from './text.ts';

/** Characters of a field's path to show: a name in it may be as long as a file. */
const LONGEST_PATH = 100;

/**
 * Validates results.
 *
 * @param path their source, for error messages
 * @throws LanewiseError naming the source, and the wrong field if there is one
 */
export async function checkResults(value: unknown, path: string): Promise<Results> {
  // Loading the validator takes a while, which usage errors need not wait for.
  const validator = await (loading ??= loadValidator());
  if (validator.Check(value)) {
    const contradiction = findContradiction(value);
    if (contradiction === undefined) return completed(value);
    throw new LanewiseError(
      'input',
      `${path} contradicts itself: ${contradiction}; measure again with "lanewise run".`,
    );
  }
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== RESULTS_SCHEMA_ID) {
    throw new LanewiseError(
      'input',
      `${path} holds no results that this Lanewise can read: ${schema === undefined ? 'it names no schema' : `its schema is ${quote(schema)}`}, not "${RESULTS_SCHEMA_ID}".`,
    );
  }
  const error = validator.Errors(value)[0];
  throw new LanewiseError(
    'input',
    `${path} does not match the schema of results: ${clip(error?.instancePath || 'the whole file', LONGEST_PATH)} ${error?.message ?? 'is wrong'}; measure again with "lanewise run".`,
  );
}

/** Loaded once, since comparing reads two results. */
let loading: ReturnType<typeof loadValidator> | undefined;

async function loadValidator() {
  const [{ Compile }, { resultsSchema }] = await Promise.all([
    import('typebox/compile'),
    import('./results-schema.ts'),
  ]);
  return Compile(resultsSchema);
}
