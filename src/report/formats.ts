import type { Results } from '../model.ts';

/** A file of a report, and how it is made of what was found. */
export interface FormatFile<Found> {
  readonly file: string;
  readonly render: (found: Found) => string | Promise<string>;
}

/** A format by its name: which files it makes. What it takes to make them is loaded when it is asked for. */
export const FORMATS = {
  html: [
    { file: 'index.html', render: async (results) => (await import('./html/render-html.ts')).renderHtml(results) },
  ],
  md: [{ file: 'report.md', render: async (results) => (await import('./markdown.ts')).renderMarkdown(results) }],
  json: [{ file: 'results.json', render: async (results) => (await import('./json.ts')).renderJson(results) }],
  csv: [
    { file: 'samples.csv', render: async (results) => (await import('./exports/csv.ts')).renderSamplesCsv(results) },
    { file: 'cells.csv', render: async (results) => (await import('./exports/csv.ts')).renderCellsCsv(results) },
  ],
  trace: [{ file: 'trace.json', render: async (results) => (await import('./exports/trace.ts')).renderTrace(results) }],
  'github-action-benchmark': [
    {
      file: 'github-action-benchmark.json',
      render: async (results) =>
        (await import('./exports/github-action-benchmark.ts')).renderGithubActionBenchmark(results),
    },
  ],
  bencher: [
    { file: 'bencher.json', render: async (results) => (await import('./exports/bencher.ts')).renderBencher(results) },
  ],
  go: [
    {
      file: 'benchmarks.txt',
      render: async (results) => (await import('./exports/go-benchmark.ts')).renderGoBenchmark(results),
    },
  ],
  hyperfine: [
    {
      file: 'hyperfine.json',
      render: async (results) => (await import('./exports/hyperfine.ts')).renderHyperfine(results),
    },
  ],
} as const satisfies Record<string, readonly FormatFile<Results>[]>;

export type FormatName = keyof typeof FORMATS;

/** What is written unless it is said what: what people read, and what holds everything. The others are for one tool each. */
export const DEFAULT_FORMATS: readonly FormatName[] = ['html', 'md', 'json', 'csv', 'trace'];
