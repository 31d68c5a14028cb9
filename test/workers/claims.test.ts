import { expect, it } from 'vitest';
import { workloadClaimsOf } from '../../dist/workers/claims.js';
import { loadExport } from '../../dist/workers/load-workload.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it.each([
  ['input: 3', 'its `input` is no function'],
  ['setup: {}', 'its `setup` is no function'],
  ['digest: "a"', 'its `digest` is no function'],
  ['transfer: []', 'its `transfer` is no function'],
  ['teardown: null', 'its `teardown` is no function'],
  ['params: { f: () => 1 }', 'its `params` contains a value that cannot be cloned, such as a function'],
])('a definition is refused by the name of its field before anything is measured: %s', async (field, sentence) => {
  const loaded = await loadExport({ url: await folder.module(`export default { ${field}, task: (n) => n };`) });
  expect(() => workloadClaimsOf(loaded)).toThrow(sentence);
});
