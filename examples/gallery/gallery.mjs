/**
 * The works of the gallery: the question that people ask about each, where they ask it, the rule of thumb that answers
 * it, and the command that measures it, to be run in this folder.
 */

/** @typedef {{ readonly name: string, readonly title: string, readonly question: string, readonly rule: string, readonly threads: readonly string[], readonly command: readonly string[], readonly smallest: readonly string[] }} Work */

/** @param {Omit<Work, 'command' | 'smallest'> & Partial<Work>} work */
const suite = (work) => ({ command: ['run', '--suite', work.name], smallest: [], ...work });

/** @type {readonly Work[]} */
export const works = [
  suite({
    name: 'bcrypt',
    title: 'Password hashing: bcrypt',
    question: 'Should bcrypt run in a worker, and does it matter whether it is called sync or async?',
    rule: 'Use the async API: it runs on libuv’s threads, so workers add nothing.',
    threads: ['https://github.com/kelektiv/node.bcrypt.js/issues/303', 'https://github.com/NodeBB/NodeBB/issues/10326'],
    smallest: ['--param', 'cost=4', '--param', 'api=async'],
  }),
  suite({
    name: 'libuv',
    title: 'Libuv’s threads: crypto.scrypt',
    question: 'How many libuv threads (UV_THREADPOOL_SIZE) should async crypto have?',
    rule: 'As many libuv threads as CPUs.',
    threads: ['https://github.com/piscinajs/piscina/pull/12'],
    command: ['tune', './works/scrypt.mjs', '-s', 'event-loop,worker-threads', '--uv-threads', '1,2,4,8'],
    smallest: ['--param', 'cost=64', '-s', 'event-loop,worker-threads'],
  }),
  suite({
    name: 'sharp',
    title: 'Images: sharp',
    question: 'Does a pool make sharp faster, which has threads of its own?',
    rule: 'Never put sharp in workers: it is parallel already.',
    threads: ['https://github.com/lovell/sharp/issues/2538', 'https://github.com/lovell/sharp/issues/1297'],
    smallest: ['--param', 'threads=1'],
  }),
  suite({
    name: 'json',
    title: 'JSON by size',
    question: 'From which size on should JSON be parsed in a worker?',
    rule: 'Parse large JSON in a worker.',
    threads: ['https://github.com/node-fetch/node-fetch/pull/871', 'https://github.com/nodejs/node/issues/2031'],
    smallest: ['--param', 'returns=all', '--param', 'bytes=4096'],
  }),
  suite({
    name: 'react',
    title: 'Server rendering: React',
    question: 'Should renderToString run in worker threads?',
    rule: 'Rendering blocks the event loop, so move it to workers.',
    threads: ['https://github.com/vikejs/vike/issues/10', 'https://github.com/gadget-inc/fastify-renderer/issues/315'],
    smallest: ['--param', 'rows=10'],
  }),
  suite({
    name: 'gzip',
    title: 'Compression by size: zlib',
    question: 'Should compression be sync, async, or in a worker, and from which size on?',
    rule: 'Never use the sync functions of zlib.',
    threads: ['https://github.com/websockets/ws/issues/1369', 'https://github.com/nodejs/node/issues/47709'],
    smallest: ['--param', 'api=async', '--param', 'bytes=1024'],
  }),
  suite({
    name: 'marked',
    title: 'Pure JavaScript: Markdown',
    question: 'Are worker threads faster than child processes for work that is only JavaScript?',
    rule: 'Threads are lighter than processes, so they are faster.',
    threads: ['https://github.com/nodejs/help/issues/1920', 'https://github.com/ChainSafe/lodestar/issues/5981'],
    smallest: ['--param', 'chapters=2'],
  }),
  suite({
    name: 'files',
    title: 'Reading and hashing files',
    question: 'Do workers make it faster to read and hash many small files?',
    rule: 'Reading files is I/O, for which workers do nothing.',
    threads: [],
    smallest: ['--param', 'api=async', '-c', '1'],
  }),
  suite({
    name: 'fetch',
    title: 'HTTP fan-out: fetch',
    question: 'Does a pool help with many requests at once to a server that answers after 20 ms?',
    rule: 'Waiting needs no workers.',
    threads: [],
    smallest: ['-s', 'event-loop,worker-threads'],
  }),
  suite({
    name: 'messages',
    title: 'Large messages',
    question: 'Which is faster with large messages, a worker thread or a child process?',
    rule: 'Threads share memory, so their messages are faster.',
    threads: ['https://github.com/avajs/ava/issues/3010', 'https://github.com/rtfeldman/node-test-runner/pull/674'],
    smallest: ['--param', 'form=objects', '--param', 'bytes=65536'],
  }),
  suite({
    name: 'commands',
    title: 'Commands: execFile',
    question: 'Does a pool help with running commands?',
    rule: 'A command is a process already, so a pool around it adds nothing.',
    threads: [],
    smallest: ['--param', 'api=async'],
  }),
  suite({
    name: 'sqlite',
    title: 'A database in the process: SQLite',
    question: 'Should synchronous queries run in a worker?',
    rule: 'Slow queries belong in a worker thread.',
    threads: [
      'https://github.com/WiseLibs/better-sqlite3/issues/914',
      'https://github.com/WiseLibs/better-sqlite3/issues/181',
    ],
    smallest: ['--param', 'query=report'],
  }),
  suite({
    name: 'isolation',
    title: 'A fresh worker for each task',
    question: 'What does it cost to give each task a fresh thread, or a fresh process?',
    rule: 'A thread starts much faster than a process.',
    threads: ['https://github.com/winglang/wing/pull/5547', 'https://github.com/OpenFn/kit/pull/545'],
    smallest: ['--param', 'chapters=2', '-s', 'worker-threads,thread-per-task'],
  }),
];
