import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GALLERY, readWorks } from '../../dist/scripts/gallery/works.js';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const works = await readWorks();

// Its libraries are installed by `npm run gallery`, or `npm ci` in its folder.
describe.skipIf(!existsSync(join(GALLERY, 'node_modules')))('the gallery', () => {
  it.each(works)('$name runs in every configuration', async ({ name, command, smallest }) => {
    // One block is enough, and only a run keeps its blocks.
    const run = command[0] === 'tune' ? ['run', command[1] ?? ''] : command;
    const out = join(folder.path, name);
    const few = ['-p', '1', '-n', '2', '--rounds', '1', '--no-upper-bound', '--json', '--quiet', '--out', out];
    // In the folder of the gallery, with a lock of its own.
    const env = { TMPDIR: folder.path, TMP: folder.path, TEMP: folder.path };
    const { status, stdout, stderr } = await lanewise([...run, ...smallest, ...few], {
      cwd: GALLERY,
      env,
      firstBlockIn: out,
    });
    expect([0, 130], stderr).toContain(status);
    const { cells } = JSON.parse(stdout) as Results;
    expect(cells.length).toBeGreaterThanOrEqual(2);
    for (const cell of cells) expect(cell.status === 'ok' ? 'ok' : cell.error.message).toBe('ok');
  });
});
