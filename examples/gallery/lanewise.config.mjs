/**
 * A suite for each work of the gallery: `lanewise run --suite bcrypt` in this folder. The questions behind them are in
 * gallery.mjs.
 *
 * @type {import('lanewise').LanewiseConfig}
 */
export default {
  strategies: ['event-loop', 'worker-threads', 'child-processes'],
  poolSizes: ['cores'],
  concurrency: [1],
  suites: {
    bcrypt: { workloads: ['./works/bcrypt.mjs'], params: { api: ['sync', 'async'] }, tasks: 8 },
    sharp: { workloads: ['./works/sharp.mjs'], params: { threads: [1, 2] }, tasks: 16 },
    json: {
      workloads: ['./works/json.mjs'],
      params: { returns: ['sum', 'all'], bytes: [4096, 65_536, 1_048_576] },
      preset: 'quick',
    },
    react: { workloads: ['./works/react.mjs'], params: { rows: [10, 100, 1000] }, preset: 'quick' },
    gzip: {
      workloads: ['./works/gzip.mjs'],
      params: { api: ['sync', 'async'], bytes: [1024, 65_536, 1_048_576] },
      preset: 'quick',
    },
    marked: { workloads: ['./works/marked.mjs'], poolSizes: [1, 'cores'] },
    files: { workloads: ['./works/files.mjs'], params: { api: ['sync', 'async'] }, concurrency: [1, 4] },
    fetch: {
      workloads: ['./works/fetch.mjs'],
      strategies: ['event-loop', 'event-loop@1x8', 'worker-threads', 'child-processes'],
      concurrency: ['all'],
    },
    messages: {
      workloads: ['./works/messages.mjs'],
      params: { form: ['bytes', 'text', 'objects'], bytes: [65_536, 1_048_576] },
      strategies: ['worker-threads', 'child-processes'],
      baseline: 'child-processes',
      preset: 'quick',
      upperBound: false,
    },
    commands: { workloads: ['./works/commands.mjs'], params: { api: ['sync', 'async'] }, tasks: 16 },
    sqlite: { workloads: ['./works/sqlite.mjs'], params: { query: ['lookup', 'report'] } },
    isolation: {
      workloads: ['./works/marked.mjs'],
      strategies: ['worker-threads', 'thread-per-task', 'process-per-task'],
      baseline: 'worker-threads',
      tasks: 16,
      upperBound: false,
    },
  },
};
