import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Results } from '../../dist/src/model/results.js';
import { lanewise } from '../support/lanewise.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
/** The least evidence that can decide: four candidates to screen. */
const LEAST = ['-p', '1', '-n', '8', '--blocks', '8', '--rounds', '1', '--no-upper-bound', '--seed', '1'];
const tune = (...args: readonly string[]) => lanewise(['tune', ...args], { cwd: folder.path });

describe('lanewise tune', () => {
  it('screens, confirms with new blocks, and prints the configuration to paste', async () => {
    const { status, stdout, stderr } = await tune(
      'compute',
      '--param',
      'ms=0.2',
      '-c',
      'all',
      ...LEAST,
      '--out',
      'report',
    );
    expect(status, stderr).toBe(0);
    expect(stderr).toContain('Screening 5 candidates.');
    expect(stderr).toContain('Measuring again: ');
    expect(stdout).toContain('What it costs');
    const results = JSON.parse(await readFile(join(folder.path, 'report', 'results.json'), 'utf8')) as Results;
    const { tuning, cells, comparisons } = results;
    const confirmed = cells.filter(({ phase }) => phase === undefined);
    expect(tuning).toMatchObject({ screened: 5, leftOut: [] });
    expect(confirmed.map(({ id }) => id)).toContain(tuning?.choose);
    expect(tuning?.finalists.every((id) => confirmed.some((cell) => cell.id === id))).toBe(true);
    for (const cell of confirmed) expect(cell.samples).toHaveLength(8);
    // Screening results are in no comparison.
    expect(comparisons).toHaveLength(confirmed.length - 1);
    expect(cells.filter(({ phase }) => phase === 'screening')).toHaveLength(5);
    // The report of saved results has the same text.
    const again = await lanewise(['report', 'report/results.json', '--format', 'html'], { cwd: folder.path });
    expect(again.stdout).toBe(stdout);
    expect(await readFile(join(folder.path, 'report', 'index.html'), 'utf8')).toContain('What was tried');
  });

  it('chooses nothing if all candidates fail', async () => {
    const file = join(folder.path, 'fails.mjs');
    await writeFile(file, `export default () => { throw new Error('never'); };`);
    const { status, stdout } = await tune(file, '--input', '1', '-s', 'event-loop', ...LEAST, '--json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ tuning: { choose: null, finalists: [] } });
  });
});
