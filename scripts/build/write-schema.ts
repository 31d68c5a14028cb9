/** Writes the JSON Schemas of the results to docs/, as part of every build, so that they are never out of date. */
import { writeFileSync } from 'node:fs';
import { loadSchema } from '../../src/model/load-schema.ts';
import { resultsSchema } from '../../src/model/results-schema.ts';

for (const [name, schema] of [
  ['results-1', resultsSchema],
  ['load-1', loadSchema],
] as const) {
  const target = new URL(`../../../docs/${name}.schema.json`, import.meta.url);
  writeFileSync(target, `${JSON.stringify(schema, undefined, 2)}\n`);
}
