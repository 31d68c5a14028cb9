import { rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { watchFiles } from '../../dist/src/measure/watch-files.js';
import { groupTaskOf } from '../support/group-task.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

it('a module that is changed while it is measured is noticed, and not one that is saved as it was', async () => {
  const path = await folder.file('work.mjs', 'export default () => 1;');
  const newer = await folder.file('newer.mjs', 'export default () => 2;');
  const { group } = groupTaskOf({ blocks: 1 });
  const watched = {
    ...group,
    workload: { ...group.workload, ref: { url: pathToFileURL(path).href }, source: 'work.mjs' },
    newer: { ref: { url: pathToFileURL(newer).href }, source: 'newer.mjs' },
  };
  const files = watchFiles({ groups: [watched], ownStrategies: [] });
  await writeFile(path, 'export default () => 1;');
  expect(files.changesFor(watched)).toEqual([]);
  await writeFile(path, 'export default () => 3;');
  await rm(newer);
  expect(files.changesFor(watched)).toEqual([
    { kind: 'changed-file', workload: 'work', file: 'work.mjs' },
    { kind: 'changed-file', workload: 'work', file: 'newer.mjs' },
  ]);
});
