import { describe, expect, it } from 'vitest';
import { deploymentOf, type MeasuredWith } from '../../../dist/src/report/tuning/deployment.js';
import { settingCode } from '../../../dist/src/report/tuning/setting-code.js';

describe('the code of a setting', () => {
  const loop = { strategy: 'event-loop', poolSize: 1, concurrency: 'all' } as const;
  const pooled = { strategy: 'worker-threads', poolSize: 4, concurrency: 1 } as const;
  const MEASURED: MeasuredWith = { tasks: 32, params: {}, atomics: 'sync', flags: [], piscina: '5.3.2' };
  const HERE = deploymentOf('work.js');
  const code = (setting: Parameters<typeof settingCode>[0], where = HERE, measured = MEASURED): string =>
    settingCode(setting, where, measured)
      .map(({ text }) => text)
      .join('\n---\n');

  it('runs the tasks as measured, without a package if none is needed', () => {
    expect(code(loop)).toContain('Promise.all(inputs.map((input) => task(input)))');
    expect(code({ ...loop, concurrency: 1 })).toContain('for (const input of inputs) results.push(await task(input));');
    expect(code({ ...loop, concurrency: 3 })).toContain('Array.from({ length: 3 }, takeTurns)');
    for (const concurrency of [1, 3, 'all'] as const)
      expect(code({ ...loop, concurrency })).not.toContain('npm install');
  });

  it('uses a published pool, and names the package to install: Piscina in the measured version', () => {
    expect(code(pooled)).toContain('// npm install piscina@5.3.2\n');
    expect(code({ ...pooled, strategy: 'child-processes', concurrency: 2 })).toMatch(
      /npm install lanewise\n[^]*from 'lanewise\/pool';[^]*processes: 4,\n {2}concurrency: 2,\n/,
    );
    expect(code(pooled, HERE, { ...MEASURED, piscina: undefined })).toContain('// npm install piscina\n');
  });

  it('shares the inputs of the program among the workers for concurrency all, however many a batch had', () => {
    const all = 'Math.ceil(inputs.length / 4) || 1';
    expect(code({ ...pooled, concurrency: 'all' })).toContain(`concurrentTasksPerWorker: ${all},`);
    expect(code({ ...pooled, strategy: 'child-processes', concurrency: 'all' })).toContain(`concurrency: ${all},`);
    expect(code({ ...pooled, strategy: 'my-pool', concurrency: 'all' })).toBe(
      '// my-pool: 4 workers, all tasks at once',
    );
    expect(code(pooled)).not.toContain('concurrentTasksPerWorker');
  });

  describe('of a queue', () => {
    const queue = { strategy: 'bullmq', poolSize: 2, concurrency: 4 } as const;

    it('is a worker to start as often as there are, with its options, and a program that adds the tasks', () => {
      const text = code(queue);
      expect(text).toMatch(
        /^\/\/ queue-worker\.mjs, started 2 times, each in a process of its own:\n\/\/ node queue-worker\.mjs\n\/\/ npm install bullmq ioredis\n/,
      );
      expect(code({ ...queue, uvThreads: 16 })).toContain('\n// UV_THREADPOOL_SIZE=16 node queue-worker.mjs\n');
      expect(text).toContain("import task from './work.js';");
      expect(text).toContain('  concurrency: 4,\n');
      expect(text).toContain('\n---\n// app.mjs\n');
      expect(text).toContain('queue.addBulk(');
      for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(76);
    });

    it('locks a task for three times the longest one, and for the default of BullMQ at least', () => {
      const lockFor = (longestMs?: number) => code(queue, HERE, { ...MEASURED, longestMs });
      for (const short of [undefined, 10_000]) expect(lockFor(short)).toContain('  lockDuration: 30000,\n');
      expect(lockFor(10_001)).toContain('  lockDuration: 31000,\n');
    });

    it('reaches the server that was measured', () => {
      expect(code(queue)).toContain('process.env.REDIS_URL');
      const text = code(queue, HERE, { ...MEASURED, queueServer: 'postgres' });
      expect(text).toContain('// npm install bullmq pg\n');
      expect(text).toMatch(
        /new Worker\('tasks', run, options, createPostgresBackend\)[^]*\{ connection \}, createPostgresBackend\)[^]*queue\.getJob/,
      );
      expect(text).not.toContain('REDIS');
    });

    it('divides the tasks of the measured batch for concurrency all, since a queue has none', () => {
      expect(code({ ...queue, concurrency: 'all' })).toContain('  concurrency: 16,\n');
    });

    it('runs a definition by its worker file, in a project of either module format', () => {
      const definition = { makesInputs: true, transfers: false, services: [] };
      const text = code(queue, { ...HERE, format: 'cjs', definition });
      expect(text).toContain("import task from './work-worker.mjs';");
      expect(text).toContain('inputs.push(await workload.input({ index, params, random }));');
      expect(text).not.toContain('require(');
    });
  });

  it('is one line for a custom strategy', () => {
    expect(code({ ...pooled, strategy: 'my-pool' })).toBe('// my-pool: 4 workers, at most 1 task at once in each');
  });

  it('destroys its pool', () => {
    for (const strategy of ['worker-threads', 'child-processes', 'thread-per-task', 'process-per-task'])
      expect(code({ ...pooled, strategy })).toContain('await pool.destroy();');
  });

  it('sets atomics if it differs from the default of Piscina', () => {
    expect(code(pooled, HERE, { ...MEASURED, atomics: 'disabled' })).toContain("atomics: 'disabled',");
    expect(code(pooled)).not.toContain('atomics');
  });

  it('sets the measured libuv threads and Node flags', () => {
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

  it('uses the module format of the project, and the path of the file as given', () => {
    const where = { ...HERE, module: "./src/it's 100%#1.js", exportName: 'resize', steps: ['resize'] };
    expect(code(pooled, where)).toContain(
      "filename: new URL('./src/it\\'s 100%25%231.js', import.meta.url).href,\n  name: 'resize',",
    );
    expect(code(pooled, { ...where, format: 'cjs' })).toMatch(
      /const { Piscina } = require\('piscina'\);[^]*filename: require\.resolve\('\.\/src\/it\\'s 100%#1\.js'\),[^]*\nmain\(\);$/,
    );
    expect(code(pooled, { ...HERE, module: 'pkg/work', isPackage: true })).toContain("import.meta.resolve('pkg/work')");
    const module = { isPackage: true, format: 'esm' as const, steps: ['default'], needsTsx: false };
    expect(code(pooled, deploymentOf('pkg/work', { module }))).toContain("import.meta.resolve('pkg/work')");
    // Its exports lead the code elsewhere.
    expect(code(pooled, deploymentOf('pkg/work', { module: { ...module, file: 'w.cjs' } }))).toContain(
      "new URL('./w.cjs', import.meta.url)",
    );
  });

  it('has the given inputs if they can be shown', () => {
    expect(code(loop, { ...HERE, inputs: [{ n: 40 }] })).toContain(
      'const inputs = [{"n":40}]; // replace with your own',
    );
    expect(code(loop, { ...HERE, inputs: [1, 2, 3, 4] })).toContain('const inputs = [1,2,3]; // the first 3 of 4;');
    expect(code(loop, { ...HERE, inputs: ['x'.repeat(5000)] })).toContain(
      'const inputs = []; // too long to be shown: put in your own',
    );
    for (const inputs of [[10n], undefined])
      expect(code(loop, { ...HERE, ...(inputs !== undefined && { inputs }) })).toMatch(
        /const inputs = \[(?:undefined)?\]; \/\/ replace with your own/,
      );
  });

  it('comes with a worker file if the module exports a definition', () => {
    const definition = { makesInputs: true, transfers: true, services: ['http-server'] };
    const text = code(pooled, { ...HERE, definition }, { ...MEASURED, params: { bytes: 1024 } });
    expect(text).toMatch(
      /^\/\/ work-worker\.mjs: a pool calls a function; this one is the task of\n\/\/ \.\/work\.js\n[^]*params: {"bytes":1024},/,
    );
    expect(text).toContain('export default (input) => workload.task(input, context);\n---\n// app.js\n');
    expect(text).toContain("new URL('./work-worker.mjs', import.meta.url).href");
    expect(text).toContain('pool.run(input, { transferList: workload.transfer(input) })');
    expect(text).toContain("lane: { kind: 'thread', index: 0 }");
    const inProcesses = code({ ...pooled, strategy: 'child-processes' }, { ...HERE, definition });
    expect(inProcesses).not.toContain('transferList');
    expect(inProcesses).toContain("lane: { kind: 'process', index: 0 }");
    expect(code(loop, { ...HERE, definition })).toContain("lane: { kind: 'main', index: 0 }");
    for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(76);
  });

  it('contains no control characters', () => {
    const where = { ...HERE, module: './\u001b[2J\u202e.js', inputs: ['\u009b31m'] };
    expect(code(pooled, where)).toContain(String.raw`new URL('./\u001b[2J\u202e.js', import.meta.url)`);
    // Control characters are what is looked for.
    // oxlint-disable-next-line no-control-regex
    expect(code(pooled, { ...where, needsTsx: true })).not.toMatch(/[\u0000-\u0009\u001b\u0080-\u009f\u202e]/);
  });
});
