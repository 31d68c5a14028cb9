import type { Results } from '../model/results.ts';

/** A file of a report, and how it is made of what was found. */
export interface FormatFile<Found> {
  readonly file: string;
  /** What such a file has near its beginning or its end, and no file of another program: only then it may be overwritten. */
  readonly mark: RegExp;
  readonly render: (found: Found) => string | Promise<string>;
}

/** What every page has in its head. */
export const PAGE_MARK = /<meta name="generator" content="Lanewise\b/;
const CSV_MARK = /^cell,workload,params,strategy,/;

/** A format by its name: which files it makes. What it takes to make them is loaded when it is asked for. */
export const FORMATS = {
  html: [
    {
      file: 'index.html',
      mark: PAGE_MARK,
      render: async (results) => (await import('./html/render-html.ts')).renderHtml(results),
    },
  ],
  md: [
    {
      file: 'report.md',
      mark: /<!-- Written by Lanewise -->/,
      render: async (results) => (await import('./markdown.ts')).renderMarkdown(results),
    },
  ],
  json: [
    {
      file: 'results.json',
      mark: /^\{\s*"schema":\s*"lanewise\/results@/,
      render: async (results) => (await import('./json.ts')).renderJson(results),
    },
  ],
  csv: [
    {
      file: 'samples.csv',
      mark: CSV_MARK,
      render: async (results) => (await import('./exports/csv.ts')).renderSamplesCsv(results),
    },
    {
      file: 'cells.csv',
      mark: CSV_MARK,
      render: async (results) => (await import('./exports/csv.ts')).renderCellsCsv(results),
    },
  ],
  trace: [
    {
      file: 'trace.json',
      mark: /"otherData":\{"tool":"lanewise /,
      render: async (results) => (await import('./exports/trace.ts')).renderTrace(results),
    },
  ],
  'github-action-benchmark': [
    {
      file: 'github-action-benchmark.json',
      mark: /measured by Lanewise"|^\[\]\s*$/,
      render: async (results) =>
        (await import('./exports/github-action-benchmark.ts')).renderGithubActionBenchmark(results),
    },
  ],
  bencher: [
    {
      file: 'bencher.json',
      // The format has no place for a mark: cells with these two measures.
      mark: /^\{\}\s*$|^\{\s*"[^"]+\/[^"]+": \{\s*"latency": \{[^}]*\},\s*"throughput": \{/,
      render: async (results) => (await import('./exports/bencher.ts')).renderBencher(results),
    },
  ],
  go: [
    {
      file: 'benchmarks.txt',
      mark: /^lanewise: /,
      render: async (results) => (await import('./exports/go-benchmark.ts')).renderGoBenchmark(results),
    },
  ],
  hyperfine: [
    {
      file: 'hyperfine.json',
      mark: /^\{\s*"tool": "lanewise /,
      render: async (results) => (await import('./exports/hyperfine.ts')).renderHyperfine(results),
    },
  ],
} as const satisfies Record<string, readonly FormatFile<Results>[]>;

export type FormatName = keyof typeof FORMATS;

/** What is written unless it is said what: what people read, and what holds everything. The others are for one tool each. */
export const DEFAULT_FORMATS: readonly FormatName[] = ['html', 'md', 'json', 'csv', 'trace'];
