import { present } from '../document.ts';
import { indented, paragraphs, type CodeFile, type Lines } from './code-text.ts';
import type { Deployment, MeasuredWith, Setting } from './deployment.ts';
import { importLines } from './import-lines.ts';
import { inputLines } from './input-lines.ts';
import { workerFile, workerModule } from './worker-file.ts';

/** BullMQ: its default lock, which is renewed after half of it if the event loop is free. */
const DEFAULT_LOCK_MS = 30_000;
/** A task may take longer than the longest that was measured. */
const LOCK_PER_TASK = 3;
const MS_PER_S = 1000;

/** Writes a queue as two programs: one adds the tasks, and a process for each worker runs them. ESM in any project. */
export function queueCode(setting: Setting, given: Deployment, measured: MeasuredWith): readonly CodeFile[] {
  const where: Deployment = { ...given, format: 'esm' };
  const isPostgres = measured.queueServer === 'postgres';
  return present(
    workerFile(where, measured.params, 'process'),
    queueWorker(setting, where, measured, isPostgres),
    app(where, measured, isPostgres),
  );
}

function queueWorker(
  { poolSize, concurrency, uvThreads }: Setting,
  where: Deployment,
  { tasks, longestMs = 0, flags }: MeasuredWith,
  isPostgres: boolean,
): CodeFile {
  const name = 'queue-worker.mjs';
  const { top, body } = importLines('task', workerModule(where), 'esm');
  const words = present(
    uvThreads !== undefined && `UV_THREADPOOL_SIZE=${uvThreads}`,
    'node',
    where.needsTsx && '--import tsx',
    ...flags,
    name,
  );
  const lockMs = Math.max(DEFAULT_LOCK_MS, Math.ceil((LOCK_PER_TASK * longestMs) / MS_PER_S) * MS_PER_S);
  // In a queue, there is no batch to divide.
  const each = concurrency === 'all' ? Math.ceil(tasks / poolSize) : concurrency;
  const worker = [
    'const options = {',
    ...indented([
      'connection,',
      `concurrency: ${each},`,
      '// More than twice the longest task, or it may run twice.',
      `lockDuration: ${lockMs},`,
    ]),
    '};',
    'const run = (job) => task(job.data.input);',
    `const worker = new Worker('tasks', run, options${isPostgres ? ', createPostgresBackend' : ''});`,
    "worker.on('error', (error) => console.error(error));",
  ];
  const head = [
    `// ${name}, started ${poolSize === 1 ? 'once' : `${poolSize} times, each in a process of its own`}:`,
    `// ${words.join(' ')}`,
    installLine(isPostgres),
  ];
  const imports = [`import { ${isPostgres ? 'Worker, createPostgresBackend' : 'Worker'} } from 'bullmq';`, ...top];
  return { name, text: [...head, ...paragraphs(imports, body, connectionLines(isPostgres), worker)].join('\n') };
}

function app(where: Deployment, measured: MeasuredWith, isPostgres: boolean): CodeFile {
  const name = 'app.mjs';
  const { top, body } = inputLines(where, measured, false);
  const add = [
    '// All at once; the queue stores inputs and results as JSON.',
    "const name = 'task';",
    'const opts = { removeOnComplete: { age: 3600 } };',
    'const jobs = await queue.addBulk(',
    '  inputs.map((input) => ({ name, data: { input }, opts })),',
    ');',
  ];
  const { imports, open, receive } = isPostgres ? ASKING : LISTENING;
  const head = [`// ${name}`, installLine(isPostgres)];
  const steps = [body, connectionLines(isPostgres), open, add, [...receive, "console.log(results.length, 'results');"]];
  return { name, text: [...head, ...paragraphs([...imports, ...top], ...steps)].join('\n') };
}

const LISTENING = {
  imports: ["import { Queue, QueueEvents } from 'bullmq';"],
  open: [
    "const queue = new Queue('tasks', { connection });",
    '// From its beginning: a result before the first reading would be missed.',
    "const options = { connection, lastEventId: '0' };",
    "const events = new QueueEvents('tasks', options);",
    'await events.waitUntilReady();',
  ],
  receive: [
    'const results = await Promise.all(',
    '  jobs.map((job) => job.waitUntilFinished(events)),',
    ');',
    'await Promise.all([events.close(), queue.close()]);',
  ],
};

/** BullMQ 6.7.0 loses events of PostgreSQL. */
const ASKING = {
  imports: [
    "import { setTimeout } from 'node:timers/promises';",
    "import { Queue, createPostgresBackend } from 'bullmq';",
  ],
  open: ["const queue = new Queue('tasks', { connection }, createPostgresBackend);"],
  receive: [
    '// Asked for, since BullMQ can lose events of PostgreSQL.',
    'const results = [];',
    'for (const { id } of jobs) {',
    '  let job = await queue.getJob(id);',
    '  for (; !job.finishedOn; job = await queue.getJob(id)) await setTimeout(100);',
    '  if (job.failedReason) throw new Error(job.failedReason);',
    '  results.push(job.returnvalue);',
    '}',
    'await queue.close();',
  ],
};

function installLine(isPostgres: boolean): string {
  return `// npm install bullmq ${isPostgres ? 'pg' : 'ioredis'}`;
}

function connectionLines(isPostgres: boolean): Lines {
  return isPostgres
    ? ['const connectionString = process.env.DATABASE_URL;', 'const connection = { connectionString, migrate: true };']
    : [
        "const url = process.env.REDIS_URL ?? 'redis://localhost:6379';",
        'const connection = { url, maxRetriesPerRequest: null };',
      ];
}
