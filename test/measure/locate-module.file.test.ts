import { writeFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { watchModules } from '../../dist/src/measure/locate-module.js';
import { groupTaskOf, measureAll, onBlock } from '../support/group-task.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();

describe('a module that is measured', () => {
  async function watched() {
    const path = await folder.file('task.mjs', 'export default () => 1;');
    return { path, check: watchModules([{ url: pathToFileURL(path).href, source: 'task.mjs' }]) };
  }

  it('may be written again as it was', async () => {
    const { path, check } = await watched();
    await writeFile(path, 'export default () => 1;');
    expect(check).not.toThrow();
  });

  it('is noticed when it is rewritten, in place or by another file', async () => {
    const { path, check } = await watched();
    await writeFile(path, 'export default () => 2;');
    expect(check).toThrow('task.mjs was rewritten while it was measured');
    const again = await watched();
    await rename(await folder.file('other.mjs', 'export default () => 3;'), again.path);
    expect(again.check).toThrow('task.mjs was rewritten while it was measured');
  });

  it('is noticed when it is removed', async () => {
    const { path, check } = await watched();
    await rm(path);
    expect(check).toThrow('task.mjs was removed while it was measured');
  });

  it('fails every configuration when it changes, after the block in which it did', async () => {
    const { path, check } = await watched();
    let blocks = 0;
    const task = groupTaskOf({ blocks: 8 });
    const found = await measureAll(
      {
        ...task,
        checkModules: () => {
          check();
          blocks += 1;
        },
      },
      onBlock(() => {
        if (blocks === 1) writeFileSync(path, 'export default () => 4;');
      }),
    );
    expect(found.cells.map(({ error }) => error?.name)).toEqual(found.cells.map(() => 'ModuleChangedError'));
    expect(blocks).toBe(1);
  });
});
