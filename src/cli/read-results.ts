import { readFile } from 'node:fs/promises';
import { Compile } from 'typebox/compile';
import { LanewiseError } from '../errors.ts';
import type { Results } from '../model.ts';
import { RESULTS_SCHEMA_ID } from '../results-schema-id.ts';
import { resultsSchema } from '../results-schema.ts';

const validator = Compile(resultsSchema);

/** Reads and checks a results file. @throws LanewiseError naming the file, and the field where there is one */
export async function readResults(path: string): Promise<Results> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new LanewiseError('input', `Cannot read ${path}: give the results.json of an earlier run.`, { cause });
  });
  const value = parse(path, text);
  if (validator.Check(value)) return value;
  const schema = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema !== RESULTS_SCHEMA_ID) {
    throw new LanewiseError(
      'input',
      `${path} holds no results that this Lanewise can read: ${schema === undefined ? 'it names no schema' : `its schema is ${JSON.stringify(schema)}`}, not "${RESULTS_SCHEMA_ID}".`,
    );
  }
  const error = validator.Errors(value)[0];
  throw new LanewiseError(
    'input',
    `${path} is not as Lanewise wrote it: ${error?.instancePath || 'the whole'} ${error?.message ?? 'is wrong'}; measure again with "lanewise run".`,
  );
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LanewiseError(
      'input',
      `${path} is not JSON, or was cut off (${cause instanceof Error ? cause.message : String(cause)}).`,
      { cause },
    );
  }
}
