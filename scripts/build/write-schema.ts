/** Writes the JSON Schema of the results to docs/, as part of every build, so that it is never out of date. */
import { writeFileSync } from 'node:fs';
import { resultsSchema } from '../../src/model/results-schema.ts';

const target = new URL('../../../docs/results-1.schema.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(resultsSchema, undefined, 2)}\n`);
