interface Page {
  /** The name of its file in docs/, without the extension. */
  readonly page: string;
  readonly text: string;
  /** For search engines and llms.txt. */
  readonly about: string;
}

/** The pages of docs/ in the order of the site: each has one place here. */
export const NAVIGATION: readonly { readonly text: string; readonly items: readonly Page[] }[] = [
  {
    text: 'Start',
    items: [
      { page: 'README', text: 'The question and an answer', about: 'What Lanewise answers, with the report of a run' },
      { page: 'getting-started', text: 'Getting started', about: 'From an empty folder to the first answer' },
      {
        page: 'guide',
        text: 'Event loop, threads or processes?',
        about: 'A decision tree that rests on measurements, and what speed does not decide',
      },
      { page: 'writing-a-workload', text: 'Write a workload', about: 'How to measure your own code' },
      { page: 'reading-the-report', text: 'Read the report', about: 'Each column, figure and file of a report' },
      { page: 'glossary', text: 'Glossary', about: 'All words of reports, help and docs' },
    ],
  },
  {
    text: 'By question',
    items: [
      { page: 'tune', text: 'Which configuration?', about: 'lanewise tune: strategy, workers and concurrency' },
      {
        page: 'scaling',
        text: 'Size, workers and prediction',
        about: 'From which task size, and with how many workers',
      },
      { page: 'load', text: 'Latency under load', about: 'lanewise load: tasks that arrive one by one' },
      { page: 'queue', text: 'A job queue', about: 'What BullMQ costs beside pools, on one or several machines' },
      {
        page: 'ci',
        text: 'Continuous integration',
        about: 'Is my change faster? A gate for pull requests, and an action',
      },
      {
        page: 'lessons',
        text: 'Lessons',
        about: 'Claims about concurrency and parallelism, each checked by a measurement',
      },
      {
        page: 'alternatives',
        text: 'Other tools',
        about: 'Lanewise beside tinybench, node:bench, hyperfine and others',
      },
    ],
  },
  {
    text: 'Reference',
    items: [
      { page: 'cli', text: 'Command line', about: 'Every command and flag' },
      { page: 'configuration', text: 'Configuration file', about: 'Settings and suites in a file' },
      { page: 'api', text: 'API', about: 'Functions and types of the package' },
      { page: 'results', text: 'Results', about: 'The fields of results.json' },
      { page: 'load-results', text: 'Results of a load', about: 'The fields of load.json' },
      { page: 'pool', text: 'Process pool', about: 'lanewise/pool: a pool of child processes for programs' },
      { page: 'writing-a-strategy', text: 'Custom strategies', about: 'How to measure your own pool' },
      { page: 'runtimes', text: 'Node, Bun and Deno', about: 'The same work on other runtimes, and what differs' },
      { page: 'platforms', text: 'Platforms', about: 'What differs on Windows and macOS' },
      { page: 'errors', text: 'Errors and warnings', about: 'Each message, its cause and its remedy' },
    ],
  },
  {
    text: 'Evidence',
    items: [
      { page: 'method', text: 'Method', about: 'How it measures, and how often it is wrong' },
      { page: 'gallery', text: 'The gallery', about: 'Questions about real libraries, each answered by a measurement' },
      { page: 'reliability', text: 'Reliability', about: 'What happens to code that hangs, crashes or floods a pipe' },
    ],
  },
  {
    text: 'Inside',
    items: [
      { page: 'architecture', text: 'Architecture', about: 'Which folder answers which question' },
      { page: 'releasing', text: 'Releasing', about: 'How a version is published' },
      { page: 'design', text: 'Design', about: 'Decisions, each with its reason' },
    ],
  },
];
