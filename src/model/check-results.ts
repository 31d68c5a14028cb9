import { completed } from './complete-results.ts';
import { findContradiction, findContradictionOfLoad, findImpossibleNumber } from './contradictions.ts';
import { LanewiseError } from './errors.ts';
import { LOAD_SCHEMA_ID, type LoadResults } from './load.ts';
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
  const results = matching(await ofRun(), value, { path, id: RESULTS_SCHEMA_ID, command: 'lanewise run' });
  refuse(findContradiction(results), path, 'lanewise run');
  return completed(results);
}

function refuse(contradiction: string | undefined, path: string, command: string): void {
  if (contradiction === undefined) return;
  throw new LanewiseError('input', `${path} contradicts itself: ${contradiction}; measure again with "${command}".`);
}

/** Results of either kind. */
export type Saved =
  | { readonly kind: 'run'; readonly results: Results }
  | { readonly kind: 'load'; readonly results: LoadResults };

/** Validates results as {@link checkResults} does, those of a load measurement too. */
export async function checkSaved(value: unknown, path: string): Promise<Saved> {
  if (!namesLoadSchema(value)) return { kind: 'run', results: await checkResults(value, path) };
  const results = matching(await ofLoad(), value, { path, id: LOAD_SCHEMA_ID, command: 'lanewise load' });
  refuse(findContradictionOfLoad(results), path, 'lanewise load');
  return { kind: 'load', results };
}

/** Whether a value says that it is the results of `lanewise load`, of this or another version. */
function namesLoadSchema(value: unknown): boolean {
  return String(schemaOf(value)).startsWith(LOAD_SCHEMA_ID.slice(0, LOAD_SCHEMA_ID.indexOf('@') + 1));
}

function schemaOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
}

// Loading the validator takes a while, which usage errors need not wait for. Once, since comparing reads two results.
const ofRun = once(async () => {
  const [{ Compile }, { resultsSchema }] = await Promise.all([
    import('typebox/compile'),
    import('./results-schema.ts'),
  ]);
  return Compile(resultsSchema);
});
const ofLoad = once(async () => {
  const [{ Compile }, { loadSchema }] = await Promise.all([import('typebox/compile'), import('./load-schema.ts')]);
  return Compile(loadSchema);
});

function once<Loaded>(load: () => Promise<Loaded>): () => Promise<Loaded> {
  let loading: Promise<Loaded> | undefined;
  return () => (loading ??= load());
}

interface Validator<Found> {
  readonly Check: (value: unknown) => value is Found;
  readonly Errors: (value: unknown) => readonly { readonly instancePath: string; readonly message: string }[];
}

/** @param command the command that makes such results */
function matching<Found>(
  compiled: Validator<Found>,
  value: unknown,
  { path, id, command }: Readonly<Record<'path' | 'id' | 'command', string>>,
): Found {
  if (compiled.Check(value)) {
    const impossible = findImpossibleNumber(value);
    if (impossible === undefined) return value;
    throw new LanewiseError(
      'input',
      `${path} has a number that no measurement has: ${impossible}; measure again with "${command}".`,
    );
  }
  const schema = schemaOf(value);
  if (schema !== id)
    throw new LanewiseError(
      'input',
      `${path} holds no results that this Lanewise can read: ${schema === undefined ? 'it names no schema' : `its schema is ${quote(schema)}, not "${id}"`}.`,
    );
  const [error] = compiled.Errors(value);
  const where = clip(error?.instancePath || 'the whole file', LONGEST_PATH);
  // So it says that a field may not be there.
  const what =
    error?.message === 'schema is false'
      ? 'is a field that this Lanewise does not know'
      : (error?.message ?? 'is wrong');
  throw new LanewiseError(
    'input',
    `${path} does not match the schema of results: ${where} ${what}; measure again with "${command}".`,
  );
}
