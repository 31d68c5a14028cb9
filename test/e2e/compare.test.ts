import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunComparison } from '../../dist/src/model/comparison.js';
import type { Results } from '../../dist/src/model/results.js';
import { renderJson } from '../../dist/src/report/render.js';
import { CALM } from '../support/group-task.js';
import { lanewise, useCommands } from '../support/lanewise.js';
import { cellOf, failedCellOf, resultsOf } from '../support/results.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const run = (args: readonly string[]) => lanewise(args, { cwd: folder.path });
/** What ends without measuring. */
const briefly = useCommands(folder);

const walls = (wallMs: number): number[] =>
  Array.from({ length: 12 }, (_, block) => wallMs * (1 + (((block * 7) % 5) - 2) * 0.004));

/** The canary of an unchanged machine. */
const blocks = walls(1).map((canaryMs, block) => ({ block, ...CALM, canaryMs: 1 + (canaryMs - 1) / 10 }));
const noise = [{ workload: 'work', params: {}, hit: 0, repeated: 0, blocks, discarded: [] }];

async function save(name: string, wallMs: number, given: Partial<Results> = {}): Promise<string> {
  const cells = [cellOf({ id: 'work/event-loop', wallsMs: walls(wallMs) })];
  await folder.file(name, renderJson(resultsOf({ cells, noise, ...given })));
  return name;
}

/** Three earlier runs, without which nothing is shown. */
async function saveOlds(given: Partial<Results> = {}): Promise<readonly string[]> {
  return Promise.all(
    [99.9, 100, 100.1].map((wallMs, day) =>
      save(`old-${day}.json`, wallMs, { startedAt: `2026-11-0${day + 1}T00:00:00.000Z`, ...given }),
    ),
  );
}

describe('lanewise compare', () => {
  it.each([
    ['nothing is slower', 100, [], 0, 'Of 1 configuration in both runs: 1 same.'],
    ['something is faster', 80, [], 0, '1 faster'],
    ['something is slower', 120, [], 4, '1 slower. Slowest: work on the event loop takes 1.20× as long'],
    ['it is slower by less than was asked for', 104, ['--min-effect', '1%', '--fail-on', 'slower:10%'], 0, '1 slower'],
    ['nothing is to fail', 120, ['--fail-on', 'never'], 0, '1 slower'],
  ])('ends with the status of its verdict: %s', async (_name, wallMs, flags, status, sentence) => {
    const result = await briefly(['compare', ...(await saveOlds()), await save('new.json', wallMs), ...flags]);
    expect(result.stderr).toBe('');
    expect(result.stdout.replaceAll('\n', ' ')).toContain(sentence);
    expect(result.status).toBe(status);
  });

  it.each([
    // Significantly slower by at least 10%: the whole interval is above.
    [120, 'slower:10%', 4],
    // The estimate is above 10%, but not the whole interval: undecided.
    [110.3, 'slower:10%', 3],
    [120, 'slower:30%', 0],
  ])('fails %d ms after 100 ms, with --fail-on %s, with status %d', async (wallMs, failOn, status) => {
    const result = await briefly([
      'compare',
      ...(await saveOlds()),
      await save('new.json', wallMs),
      '--fail-on',
      failOn,
    ]);
    expect(result.status).toBe(status);
  });

  it('shows a table per workload with the columns of a run, in words and at most 80 columns wide', async () => {
    const cells = [
      cellOf({ id: 'work/event-loop', wallsMs: walls(100) }),
      cellOf({
        id: 'work/worker-threads@2',
        strategy: 'worker-threads',
        poolSize: 2,
        concurrency: 1,
        wallsMs: walls(50),
      }),
    ];
    const result = await briefly(['compare', ...(await saveOlds({ cells })), await save('new.json', 1, { cells })]);
    const lines = result.stdout.split('\n');
    const at = lines.indexOf('work');
    expect(lines[at + 1]).toMatch(/^strategy +workers conc\. +speedup over old +verdict +blocks$/);
    expect(lines[at + 2]).toMatch(/^ +\(97\.5% CI\)$/);
    expect(lines[at + 3]).toMatch(/^event-loop +1 +all 1\.00× \(0\.\d\d–1\.\d\d\) +same +\d+, \d+$/);
    expect(lines[at + 4]).toMatch(/^worker-threads +2 +1 1\.00× /);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(result.stdout).not.toContain('work/');
  });

  it('is undecided if a run only looks slower than one earlier run', async () => {
    const result = await briefly(['compare', await save('old.json', 100), await save('new.json', 120)]);
    const text = result.stdout.replaceAll('\n', ' ');
    expect(text).toContain(
      'Of 1 configuration in both runs: 1 looks slower. Slowest: work on the event loop takes 1.20×',
    );
    expect(text).toContain('Nothing is shown to be slower or faster: give 3 or more earlier runs');
    expect(result.status).toBe(3);
  });

  it('is refused for a run and itself', async () => {
    const result = await briefly(['compare', await save('one.json', 100), await save('copy.json', 100)]);
    expect(result.stderr).toContain('one.json and copy.json are the same run: give an earlier and a later one.');
    expect(result.status).toBe(2);
  });

  it('is refused for an earlier run that is given twice, which would count once', async () => {
    const earlier = [await save('one.json', 100), await save('copy.json', 100), await save('two.json', 110)];
    const result = await briefly(['compare', ...earlier, await save('new.json', 120)]);
    expect(result.stderr).toContain('one.json and copy.json are the same run: give each earlier one once.');
    expect(result.status).toBe(2);
  });

  it('needs a run to compare with', async () => {
    const result = await briefly(['compare', await save('new.json', 100)]);
    expect(result.stderr).toContain('compare needs at least two runs');
    expect(result.status).toBe(2);
  });

  it('writes a page and Markdown with --out, and nothing without', async () => {
    const files = [await save('old.json', 100), await save('new.json', 120)];
    const result = await briefly(['compare', ...files, '--out', 'compared']);
    expect(result.stderr).toBe(
      `Written: ${join('compared', 'comparison.html')}, ${join('compared', 'comparison.md')}\n`,
    );
    const [page, markdown] = await Promise.all(
      ['comparison.html', 'comparison.md'].map((name) => readFile(join(folder.path, 'compared', name), 'utf8')),
    );
    for (const line of ['Of 1 configuration in both runs: 1 looks slower.', '0.83× (0', 'share no blocks']) {
      expect(result.stdout.replaceAll('\n', ' ')).toContain(line);
      expect(page).toContain(line);
      expect(markdown).toContain(line);
    }
    expect((await briefly(['compare', ...files, '--format', 'md', '--out', 'other', '--quiet'])).stderr).toBe('');
    expect(await readdir(join(folder.path, 'other'))).toEqual(['comparison.md']);
    const nowhere = await briefly(['compare', ...files, '--format', 'md']);
    expect(nowhere.status).toBe(2);
    expect(nowhere.stderr).toContain('--format needs --out, the folder to write to');
  });

  it('fails if a configuration fails now, and reports in which run', async () => {
    const cells = [failedCellOf('work/worker-threads@2', 'no')];
    const worked = [cellOf({ id: 'work/worker-threads@2', wallsMs: walls(1) })];
    const files = [await save('old.json', 1, { cells: worked }), await save('new.json', 1, { cells })];
    const result = await briefly(['compare', ...files]);
    expect(result.stdout).toContain('work with 2 worker threads is not compared: failed in the new run.');
    expect(result.status).toBe(1);
  });

  it('is undecided if the machine was not watched for noise', async () => {
    const result = await briefly(['compare', await save('old.json', 100, { noise: [] }), await save('new.json', 120)]);
    expect(result.stdout).toContain('1 unclear');
    expect(result.status).toBe(3);
  });

  it('ends with 3 if it is undecided', async () => {
    const wild = {
      cells: [cellOf({ id: 'work/event-loop', wallsMs: walls(100).map((wall, at) => wall * (1 + (at % 3) / 2)) })],
    };
    const result = await briefly(['compare', await save('old.json', 100, wild), await save('new.json', 140)]);
    expect(result.stdout).toContain('1 unclear');
    expect(result.status).toBe(3);
  });

  it('warns that separate runs are weaker evidence, and recommends one run', async () => {
    const { stdout } = await briefly(['compare', await save('old.json', 100), await save('new.json', 101)]);
    const text = stdout.replaceAll('\n', ' ');
    expect(text).toContain('share no blocks, so this is weaker than a comparison within one run');
    expect(text).toContain('lanewise run old.js new.js --versus');
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('prints only JSON with --json', async () => {
    const result = await briefly(['compare', await save('old.json', 100), await save('new.json', 120), '--json']);
    const comparison = JSON.parse(result.stdout) as RunComparison;
    expect(comparison).toMatchObject({
      schema: 'lanewise/comparison@1',
      changes: [{ cell: 'work/event-loop', looks: 'slower', blocks: { old: 12, new: 12 } }],
    });
  });

  it('is undecided if a run was interrupted, since its missing cells may be slower', async () => {
    const files = [await save('old.json', 100), await save('new.json', 100, { complete: false })];
    const result = await briefly(['compare', ...files]);
    expect(result.stdout).toContain('- The new run was interrupted: what it did not reach is not compared.');
    expect(result.status).toBe(3);
    const slow = await save('new.json', 120, { complete: false });
    expect((await briefly(['compare', ...(await saveOlds()), slow])).status).toBe(4);
  });

  it('is undecided if one of the runs did not time the work itself', async () => {
    const memoised = { kind: 'memoised', cell: 'work/event-loop', firstMs: 9, laterMs: 0.1 } as const;
    const result = await briefly([
      'compare',
      await save('old.json', 100),
      await save('new.json', 120, { warnings: [memoised] }),
    ]);
    expect(result.stdout).toContain('Nothing could be compared.');
    expect(result.stdout.replaceAll('\n', ' ')).toContain('no verdict in one of the runs');
    expect(result.status).toBe(3);
  });

  it('accepts folders with a results.json', async () => {
    await mkdir(join(folder.path, 'old'));
    await mkdir(join(folder.path, 'new'));
    const files = [await save(join('old', 'results.json'), 100), await save(join('new', 'results.json'), 120)];
    const [byFolder, byFile] = [await briefly(['compare', 'old', 'new']), await briefly(['compare', ...files])];
    expect(byFolder).toMatchObject({ stdout: byFile.stdout, status: 3 });
    expect((await briefly(['compare', 'old', '.'])).stderr).toBe(
      'lanewise: Cannot read results.json: there is no such file. Give the results.json of an earlier run, the load.json of a load measurement, or its folder.\n',
    );
  });

  it('refuses another machine without --force', async () => {
    const environment = { ...resultsOf().environment, cpuModel: 'Another CPU' };
    const files = [await save('old.json', 100, { environment }), await save('new.json', 100)];
    const refused = await briefly(['compare', ...files]);
    expect(refused.stderr).toBe(
      'lanewise: old.json was measured on another machine (CPU: "Another CPU", now "A CPU"), so a change may be the machine’s. --force compares them all the same.\n',
    );
    expect(refused.status).toBe(2);
    expect((await briefly(['compare', ...files, '--force'])).status).toBe(0);
  });

  it('refuses another major version of Node without --force, and reports other versions', async () => {
    const withNode = (node: string): Partial<Results> => ({ environment: { ...resultsOf().environment, node } });
    const files = [await save('old.json', 100, withNode('v20.20.2')), await save('new.json', 100, withNode('v22.1.0'))];
    const refused = await briefly(['compare', ...files]);
    expect(refused.stderr).toBe(
      'lanewise: old.json was measured with another Node (v20.20.2, now v22.1.0), so a change may be Node’s. --force compares them all the same.\n',
    );
    expect(refused.status).toBe(2);
    expect((await briefly(['compare', ...files, '--force'])).status).toBe(0);
    const patched = await briefly(['compare', files[0] ?? '', await save('new.json', 100, withNode('v20.21.0'))]);
    expect(patched.stdout).toContain('v20.21.0');
    expect(patched.status).toBe(0);
  });
});

describe('an invalid results file', () => {
  const edit = async (change: (results: Results) => unknown): Promise<string> => {
    const results = resultsOf({ cells: [cellOf({ id: 'work/event-loop', wallsMs: walls(100) })] });
    await folder.file('bad.json', JSON.stringify(change(results)));
    const result = await briefly(['compare', await save('old.json', 100), 'bad.json']);
    expect(result.stdout).toBe('');
    expect(result.status).toBe(2);
    expect(result.stderr.trim().split('\n')).toHaveLength(1);
    expect(result.stderr).toContain('bad.json');
    return result.stderr;
  };
  const withCell = (change: object) => (results: Results) => ({
    ...results,
    cells: results.cells.map((cell) => ({ ...cell, ...change })),
  });

  it.each([
    [
      'a time below zero',
      withCell({ samples: [{ ...cellOf({ id: 'x', wallsMs: [1] }).samples[0], wallMs: -1 }] }),
      '/cells/0/samples/0/wallMs',
    ],
    ['a text for a number', (results: Results) => ({ ...results, seed: 'seven' }), '/seed'],
    ['a field that is missing', ({ options: _options, ...rest }: Results) => rest, 'options'],
    ['another version', (results: Results) => ({ ...results, schema: 'lanewise/results@2' }), '"lanewise/results@2"'],
    ['a cell of no workload', withCell({ workload: 'other' }), '/cells/0/workload is not among /workloads'],
    ['no samples', withCell({ samples: [] }), '/cells/0/samples is empty'],
    [
      'a cell that is there twice',
      (results: Results) => ({ ...results, cells: [...results.cells, ...results.cells] }),
      '/cells/1/id is also the id of another cell',
    ],
    [
      'a lane that cannot be',
      (results: Results) => ({
        ...results,
        timelines: [{ cell: 'work/event-loop', slices: [{ task: 0, lane: 1e9, startMs: 0, endMs: 1, kind: 'run' }] }],
      }),
      '/timelines/0/slices/0/lane is not a worker of work/event-loop',
    ],
    [
      'a name that a terminal would obey',
      withCell({ id: 'work/\u001b[2Jevent-loop' }),
      '/cells/0/id holds control characters',
    ],
  ])('is refused with the file and the field: %s', async (_name, change, field) => {
    expect(await edit(change)).toContain(field);
  });

  it('is refused with the file if it was truncated', async () => {
    await folder.file('cut.json', JSON.stringify(resultsOf()).slice(0, -40));
    const result = await briefly(['compare', 'cut.json', 'cut.json']);
    expect(result.stderr).toContain('cut.json is not JSON, or was truncated');
    expect(result.status).toBe(2);
  });
});

const LEAST = [
  '--blocks',
  '6',
  '--rounds',
  '1',
  '--preset',
  'quick',
  '--no-upper-bound',
  '-s',
  'event-loop',
  '-n',
  '4',
];
const WORK = 'export default () => { let x = 0; for (let i = 0; i < 1e6; i++) x += i % 7; return x; };';

describe('lanewise run --versus', () => {
  it('measures two versions in the same blocks and compares each configuration', async () => {
    await folder.file('old.mjs', WORK);
    await folder.file('new.mjs', WORK.replace('x += i % 7', 'x += i - 7 * Math.floor(i / 7)'));
    const result = await run(['run', './old.mjs', './new.mjs', '--versus', ...LEAST, '--json', '--quiet']);
    const results = JSON.parse(result.stdout) as Results;
    expect(results.cells.map(({ id, version }) => [id, version])).toEqual([
      ['old/event-loop', 'old'],
      ['old/event-loop~new', 'new'],
    ]);
    expect(results.workloads).toMatchObject([{ source: 'old.mjs', newerSource: 'new.mjs' }]);
    const [comparison] = results.comparisons;
    expect(comparison).toMatchObject({ baseline: 'old/event-loop', contender: 'old/event-loop~new', blocks: 6 });
    expect(result.status).toBe({ slower: 4, inconclusive: 3, faster: 0, same: 0 }[comparison?.verdict ?? 'same']);
    const report = await readFile(join(folder.path, 'lanewise-report', 'report.md'), 'utf8');
    expect(report).toContain('the new version is');
  });

  it('compares nothing if the new version gives other results', async () => {
    await folder.file('old.mjs', WORK);
    await folder.file('wrong.mjs', WORK.replace('i % 7', 'i % 6'));
    const result = await run(['run', './old.mjs', './wrong.mjs', '--versus', ...LEAST, '--quiet']);
    expect(result.stdout.replaceAll('\n', ' ')).toContain('gave different results for task 1');
    expect(result.status).toBe(1);
  });

  it('needs two versions', async () => {
    const result = await briefly(['run', 'primes', '--versus']);
    expect(result.stderr).toContain('--versus takes two different paths');
    expect(result.status).toBe(2);
  });
});

describe('lanewise run --against', () => {
  it('measures the same work again, and reports changes', async () => {
    await folder.file('work.mjs', WORK);
    const flags = './work.mjs --blocks 6 --rounds 1 --preset quick --no-upper-bound -s event-loop'.split(' ');
    const before = await run(['run', ...flags, '--out', 'before', '--json', '--quiet', '--seed', '77']);
    const old = JSON.parse(before.stdout) as Results;
    const result = await run(['run', ...flags, '--against', 'before/results.json', '--out', 'after']);
    const current = JSON.parse(await readFile(join(folder.path, 'after', 'results.json'), 'utf8')) as Results;
    expect(current.seed).toBe(77);
    expect(current.workloads.map(({ tasks, digest }) => [tasks, digest])).toEqual(
      old.workloads.map(({ tasks, digest }) => [tasks, digest]),
    );
    // Nothing is compared on a machine whose CPUs are taken.
    expect(result.stdout).toMatch(/Of 1 configuration in both runs|Nothing could be compared/);
    expect([0, 3, 4]).toContain(result.status);
  });

  it('ends with 2 if nothing can be compared', async () => {
    await folder.file('another.mjs', WORK);
    const result = await run([
      'run',
      './another.mjs',
      ...LEAST,
      '--against',
      await save('other.json', 10),
      '--force',
      '--quiet',
    ]);
    expect(result.stderr).toContain('have no configuration in common');
    expect(result.status).toBe(2);
  });

  it('is refused at once if the earlier run cannot be read', async () => {
    const result = await briefly(['run', 'primes', '--against', 'nowhere.json']);
    expect(result.stderr).toContain('Cannot read nowhere.json');
    expect(result.status).toBe(2);
  });
});
