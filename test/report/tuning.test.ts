import { describe, expect, it } from 'vitest';
import type { Cell, MeasuredCell, Results, TuningGoal } from '../../dist/src/model/results.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { renderMarkdown } from '../../dist/src/report/markdown.js';
import { plainPaint } from '../../dist/src/report/paint.js';
import { renderTerminal } from '../../dist/src/report/terminal.js';
import { deploymentOf } from '../../dist/src/report/tuning/deployment.js';
import { settingCode, type MeasuredWith } from '../../dist/src/report/tuning/setting-code.js';
import { cellOf, failedCellOf, resultsOf, type CellSpec } from '../support/results.js';

const GOAL: TuningGoal = { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 4 };
const walls = (wallMs: number): number[] => Array.from({ length: 10 }, (_, block) => wallMs + block / 100);
const LOOP: CellSpec = { id: 'work/event-loop', wallsMs: walls(100), memoryMiB: 40 };
const pool = (id: string, poolSize: number, wallMs: number, inFlight: MeasuredCell['inFlight'] = 1): MeasuredCell => {
  const cell = cellOf({ id, strategy: 'worker-threads', poolSize, wallsMs: walls(wallMs), memoryMiB: 60 });
  return { ...cell, inFlight, summary: { ...cell.summary, startupMs: 90 } };
};
const screened = (cell: Cell): Cell => ({ ...cell, phase: 'screening' });

interface Spec {
  readonly goal?: Partial<TuningGoal>;
  readonly tuning?: Partial<NonNullable<Results['tuning']>>;
  readonly cells?: readonly Cell[];
}

/** Two threads were chosen over the event loop; four had failed in the screening. */
function tuned({ goal = {}, tuning = {}, cells }: Spec = {}): Results {
  const two = pool('work/worker-threads@2x4', 2, 50, 4);
  const base = resultsOf();
  return resultsOf({
    options: { ...base.options, tuning: { ...GOAL, ...goal } },
    cells: [
      ...(cells ?? [
        ...[cellOf(LOOP), pool('work/worker-threads@2', 2, 55), two].map(screened),
        screened({ ...failedCellOf('work/worker-threads@4', 'no room'), poolSize: 4 }),
        cellOf(LOOP),
        two,
      ]),
    ],
    comparisons: [
      {
        workload: 'work',
        params: {},
        baseline: 'work/event-loop',
        contender: 'work/worker-threads@2x4',
        speedup: { estimate: 2, lo: 1.9, hi: 2.1, level: 0.95 },
        verdict: 'faster',
        blocks: 10,
      },
    ],
    recommendations: [
      { workload: 'work', params: {}, choose: two.id, fastest: two.id, tied: [two.id], because: 'it is' },
    ],
    tuning: {
      choose: two.id,
      finalists: [two.id],
      screened: 4,
      durationMs: 30_000,
      screeningMs: 20_000,
      leftOut: [{ cell: 'work/worker-threads@4', because: 'failed' }],
      ...tuning,
    },
  });
}

const terminal = (results: Results): string => renderTerminal(results, plainPaint);
/** On one line. */
const told = (results: Results): string => terminal(results).replaceAll(/\s+/g, ' ');

describe('what tune says', () => {
  it('is the setting with its gain, the code, what it costs and why', () => {
    const text = told(tuned());
    expect(text).toContain(
      'use 2 worker threads with 4 in flight each: 2.00× as fast as the event loop (95% CI 1.90–2.10). Every other finalist is worse.',
    );
    expect(text).toContain('minThreads: 2, maxThreads: 2, idleTimeout: Infinity, concurrentTasksPerWorker: 4,');
    expect(text).toContain('memory: 60.0 MiB (the event loop 40.0 MiB)');
    // 4 tasks take 50 ms less, so that one saves 12.5 ms of the 40 ms that the start takes longer.
    expect(text).toContain('start-up: 90.0 ms, paid back after 4 tasks');
    expect(text).toContain('4 settings screened in 20 s, 1 finalist measured again in 10 s.');
    expect(text).toContain('Failed, and cannot be chosen: worker-threads@4.');
  });

  it('shows the screening as a map, by what was tuned for', () => {
    const rows = terminal(tuned()).split('\n');
    const of = (name: string): string => rows.find((row) => row.startsWith(name)) ?? '';
    expect(of('share of the best').split(/ +/).slice(-3)).toEqual(['x1', 'x4', 'xall']);
    expect(of('event-loop ').split(/ +/)).toEqual(['event-loop', '0.50']);
    expect(of('worker-threads@2 ').split(/ +/)).toEqual(['worker-threads@2', '0.91', '1.00']);
    expect(of('worker-threads@4 ').split(/ +/)).toEqual(['worker-threads@4', 'failed']);
    // In parentheses, what does too little to be chosen.
    expect(terminal(tuned({ goal: { for: 'memory' } }))).toMatch(/event-loop +\(40\.0\)/);
    expect(terminal(tuned({ goal: { for: 'memory', minThroughput: 0.4 } }))).toMatch(/event-loop +40\.0/);
  });

  it('fits 80 columns', () => {
    for (const line of terminal(tuned()).split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('is the same in Markdown, with the code fenced', () => {
    const text = renderMarkdown(tuned());
    expect(text).toMatch(/^# work \(CPU-bound\): use 2 worker threads with 4 in flight each: 2\.00× as fast/);
    expect(text).toContain("```js\n// app.js\n// npm install piscina\nimport { Piscina } from 'piscina';");
    expect(text).toContain('|worker-threads@2|0.91|1.00||');
  });

  it('says to keep the present setting where that was chosen', () => {
    const two = 'work/worker-threads@2x4';
    const results = tuned({ tuning: { current: two } });
    expect(told({ ...results, comparisons: [] })).toContain(
      'keep 2 worker threads with 4 in flight each, and nothing was shown to be better.',
    );
  });

  it('names the goal and its figure', () => {
    expect(told(tuned({ goal: { for: 'latency' } }))).toContain(
      'use 2 worker threads with 4 in flight each: p99 of a task 9.00 ms (the event loop 9.00 ms), 2.00× as fast as the event loop (95% CI 1.90–2.10).',
    );
    expect(told(tuned({ goal: { for: 'memory' } }))).toContain(
      'each: memory 60.0 MiB (the event loop 40.0 MiB), 2.00×',
    );
    expect(told(tuned({ goal: { for: 'responsiveness' } }))).toContain(
      'each: event-loop delay p99 1.00 ms (the event loop 1.00 ms), 2.00×',
    );
  });

  it('says why nothing was chosen', () => {
    const none = { choose: null, finalists: [] };
    const failed = [screened(failedCellOf('work/worker-threads@2', 'no'))];
    expect(told(tuned({ tuning: none, cells: failed }))).toContain('no setting, since none could be measured.');
    const large = [screened(pool('work/worker-threads@4', 4, 50))];
    const leftOut = [{ cell: 'work/worker-threads@4', because: 'memory' as const }];
    expect(told(tuned({ tuning: { ...none, leftOut }, cells: large, goal: { maxMemoryMiB: 32 } }))).toContain(
      'no setting, since none keeps within 32.0 MiB and 4 lanes; the least is 60.0 MiB (worker-threads@4).',
    );
    expect(told(tuned({ tuning: { ...none, leftOut: [] }, cells: large }))).toContain(
      'no setting yet, since the screening was cut off.',
    );
  });

  it('keeps what was screened out of the tables', () => {
    expect(groupResults(tuned())[0]?.cells.map(({ id }) => id)).toEqual(['work/worker-threads@2x4', 'work/event-loop']);
  });
});

describe('the code of a setting', () => {
  const loop = { strategy: 'event-loop', poolSize: 1, inFlight: 'all' } as const;
  const pooled = { strategy: 'worker-threads', poolSize: 4, inFlight: 1 } as const;
  const MEASURED: MeasuredWith = { tasks: 32, params: {}, atomics: 'sync', flags: [], piscina: '5.3.2' };
  const HERE = deploymentOf('work.js');
  const code = (setting: Parameters<typeof settingCode>[0], where = HERE, measured = MEASURED): string =>
    settingCode(setting, where, measured)
      .map(({ text }) => text)
      .join('\n---\n');

  it('hands the tasks over as they were measured, without a package where none is needed', () => {
    expect(code(loop)).toContain('Promise.all(inputs.map((input) => task(input)))');
    expect(code({ ...loop, inFlight: 1 })).toContain('for (const input of inputs) results.push(await task(input));');
    expect(code({ ...loop, inFlight: 3 })).toContain('Array.from({ length: 3 }, takeTurns)');
    for (const inFlight of [1, 3, 'all'] as const) expect(code({ ...loop, inFlight })).not.toContain('npm install');
  });

  it('is on a published pool, and names what is to be installed: Piscina in the version that was measured', () => {
    expect(code(pooled)).toContain('// npm install piscina@5.3.2\n');
    expect(code({ ...pooled, strategy: 'child-processes', inFlight: 2 })).toMatch(
      /npm install lanewise\n[^]*from 'lanewise\/pool';[^]*processes: 4,\n {2}concurrency: 2,\n/,
    );
    expect(code(pooled, HERE, { ...MEASURED, piscina: undefined })).toContain('// npm install piscina\n');
  });

  it('has as many tasks in each worker as all tasks of a batch are', () => {
    expect(code({ ...pooled, inFlight: 'all' })).toContain('concurrentTasksPerWorker: 8,');
    expect(code(pooled)).not.toContain('concurrentTasksPerWorker');
  });

  it('is no more than a line where the strategy is the user’s own', () => {
    expect(code({ ...pooled, strategy: 'my-pool' })).toBe('// my-pool: 4 workers, at most 1 task at once in each');
  });

  it('ends its pool', () => {
    for (const strategy of ['worker-threads', 'child-processes', 'thread-per-task', 'process-per-task'])
      expect(code({ ...pooled, strategy })).toContain('await pool.destroy();');
  });

  it('says how idle workers wait where that is not Piscina’s own', () => {
    expect(code(pooled, HERE, { ...MEASURED, atomics: 'disabled' })).toContain("atomics: 'disabled',");
    expect(code(pooled)).not.toContain('atomics');
  });

  it('gives libuv its threads and Node its flags, where they were measured', () => {
    expect(code({ ...loop, uvThreads: 16 })).toContain(
      '// app.js, started with:\n// UV_THREADPOOL_SIZE=16 node app.js',
    );
    expect(code({ ...pooled, strategy: 'child-processes', uvThreads: 16 })).toContain(
      "env: { ...process.env, UV_THREADPOOL_SIZE: '16' },",
    );
    expect(code(pooled, HERE, { ...MEASURED, flags: ['--stack-size=900'] })).toContain(
      '// node --stack-size=900 app.js',
    );
  });

  it('is in the module format of the project, and names the file as it was given', () => {
    const where = { ...HERE, module: "./src/it's 100%#1.js", exportName: 'resize', steps: ['resize'] };
    expect(code(pooled, where)).toContain(
      "filename: new URL('./src/it\\'s 100%25%231.js', import.meta.url).href,\n  name: 'resize',",
    );
    expect(code(pooled, { ...where, format: 'cjs' })).toMatch(
      /const { Piscina } = require\('piscina'\);[^]*filename: require\.resolve\('\.\/src\/it\\'s 100%#1\.js'\),[^]*\nmain\(\);$/,
    );
    expect(code(pooled, { ...HERE, module: 'pkg/work', isPackage: true })).toContain("import.meta.resolve('pkg/work')");
  });

  it('has the inputs that were given, if they can be shown', () => {
    expect(code(loop, { ...HERE, inputs: [{ n: 40 }] })).toContain(
      'const inputs = [{"n":40}]; // those of your program',
    );
    expect(code(loop, { ...HERE, inputs: [1, 2, 3, 4] })).toContain('const inputs = [1,2,3]; // the first 3 of 4;');
    for (const inputs of [['x'.repeat(5000)], [10n], undefined])
      expect(code(loop, { ...HERE, ...(inputs !== undefined && { inputs }) })).toMatch(
        /const inputs = \[(?:undefined)?\]; \/\/ those of your program/,
      );
  });

  it('is known to saved results but for the folder and the inputs: the format, the export, and what a pool could not call', () => {
    const definition = { makesInputs: true, transfers: false, services: [] };
    const module = { isPackage: false, format: 'cjs' as const, steps: ['default'], definition, needsTsx: false };
    const text = renderMarkdown(tuned({ tuning: { module } }));
    expect(text).toContain('work-worker.mjs: a pool calls a function');
    expect(text).toContain("const { Piscina } = require('piscina');");
    expect(text).toContain("require.resolve('./work-worker.mjs')");
  });

  it('comes with a worker file where the module exports more than a function', () => {
    const definition = { makesInputs: true, transfers: true, services: ['http-server'] };
    const text = code(pooled, { ...HERE, definition }, { ...MEASURED, params: { bytes: 1024 } });
    expect(text).toMatch(
      /^\/\/ work-worker\.mjs: a pool calls a function; this one is the task of\n\/\/ \.\/work\.js\n[^]*params: {"bytes":1024},/,
    );
    expect(text).toContain('export default (input) => workload.task(input, context);\n---\n// app.js\n');
    expect(text).toContain("new URL('./work-worker.mjs', import.meta.url).href");
    expect(text).toContain('pool.run(input, { transferList: workload.transfer(input) })');
    expect(code({ ...pooled, strategy: 'child-processes' }, { ...HERE, definition })).not.toContain('transferList');
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(76);
  });

  it('shows nothing that a terminal obeys', () => {
    const where = { ...HERE, module: './\u001b[2J\u202e.js', inputs: ['\u009b31m'] };
    expect(code(pooled, where)).toContain(String.raw`new URL('./\u001b[2J\u202e.js', import.meta.url)`);
    // eslint-disable-next-line no-control-regex
    expect(code(pooled, { ...where, needsTsx: true })).not.toMatch(/[\u0000-\u0009\u001b\u0080-\u009f\u202e]/);
  });
});
