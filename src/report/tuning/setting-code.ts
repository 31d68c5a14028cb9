import type { Cell, Options } from '../../model.ts';

type Setting = Pick<Cell, 'strategy' | 'poolSize' | 'inFlight' | 'uvThreads'>;

/**
 * A setting as code to paste: what makes the lanes, and how a task is handed to them.
 *
 * @param tasks of a batch: so many are in flight where all are
 */
export function settingCode(setting: Setting, tasks: number, atomics: Options['atomics']): string {
  const { uvThreads } = setting;
  const before =
    uvThreads === undefined
      ? []
      : [`// Start Node with so many threads for libuv: UV_THREADPOOL_SIZE=${uvThreads} node app.js`];
  return [...before, ...linesOf(setting, tasks, atomics)].join('\n');
}

function linesOf(
  { strategy, poolSize, inFlight }: Setting,
  tasks: number,
  atomics: Options['atomics'],
): readonly string[] {
  const each = inFlight === 'all' ? Math.ceil(tasks / poolSize) : inFlight;
  switch (strategy) {
    case 'sequential':
      return IN_TURN;
    case 'event-loop':
      return loopLines(inFlight);
    case 'worker-threads':
      return [
        "import { Piscina } from 'piscina';",
        '',
        'const pool = new Piscina({',
        "  filename: new URL('./worker.js', import.meta.url).href,",
        `  minThreads: ${poolSize},`,
        `  maxThreads: ${poolSize},`,
        '  idleTimeout: Infinity,',
        ...(each === 1 ? [] : [`  concurrentTasksPerWorker: ${each},`]),
        ...(atomics === 'sync' ? [] : [`  atomics: '${atomics}',`]),
        '});',
        'const results = await Promise.all(inputs.map((input) => pool.run(input)));',
      ];
    case 'child-processes':
      return [
        "import { fork } from 'node:child_process';",
        '',
        `const children = Array.from({ length: ${poolSize} }, () =>`,
        "  fork(new URL('./child.js', import.meta.url), { serialization: 'advanced' }),",
        ');',
        `// At most ${each} ${each === 1 ? 'task' : 'tasks'} under way in each child:`,
        '// send the next one when a result comes back.',
      ];
    case 'thread-per-task':
      return [
        "import { Worker } from 'node:worker_threads';",
        '',
        `// At most ${poolSize} at once:`,
        "new Worker(new URL('./worker.js', import.meta.url), { workerData: input });",
      ];
    case 'process-per-task':
      return [
        "import { fork } from 'node:child_process';",
        '',
        `// At most ${poolSize} at once:`,
        "fork(new URL('./child.js', import.meta.url), { serialization: 'advanced' });",
      ];
    default:
      return [`// ${strategy}: ${poolSize} lanes, at most ${each} ${each === 1 ? 'task' : 'tasks'} under way in each`];
  }
}

const IN_TURN = ['const results = [];', 'for (const input of inputs) results.push(await task(input));'];

function loopLines(inFlight: Setting['inFlight']): readonly string[] {
  if (inFlight === 1) return IN_TURN;
  if (inFlight === 'all') return ['const results = await Promise.all(inputs.map((input) => task(input)));'];
  return [
    "import pLimit from 'p-limit';",
    '',
    `const limit = pLimit(${inFlight});`,
    'const results = await Promise.all(inputs.map((input) => limit(() => task(input))));',
  ];
}
