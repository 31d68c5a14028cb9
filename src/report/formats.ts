import type { LoadResults } from '../model/load.ts';
import type { Results } from '../model/results.ts';
import type { Document } from './document.ts';

/** A file of a report, and how to make it from the results. */
export interface FormatFile<Found> {
  readonly file: string;
  /**
   * Found near the start or the end of such files, and in no file of another program: only those may be overwritten.
   */
  readonly mark: RegExp;
  readonly render: (found: Found) => string | Promise<string>;
}

/** Found in the head of every page. */
const PAGE_MARK = /<meta name="generator" content="Lanewise\b/;
const MARKDOWN_MARK = /<!-- Written by Lanewise -->/;
const CSV_MARK = /^cell,workload,params,strategy,/;

/** Loads the code that makes a file on use. */
function lazily<Found>(
  file: string,
  mark: RegExp,
  load: () => Promise<FormatFile<Found>['render']>,
): FormatFile<Found> {
  return { file, mark, render: async (found) => (await load())(found) };
}

// With names of their own, types do not write out every field of the results in the declarations, 350 kB.
interface RunFile extends FormatFile<Results> {
  readonly render: (found: Results) => string | Promise<string>;
}
interface LoadFile extends FormatFile<LoadResults> {
  readonly render: (found: LoadResults) => string | Promise<string>;
}
const ofRun: (...asked: Parameters<typeof lazily<Results>>) => RunFile = lazily;
const ofLoad: (...asked: Parameters<typeof lazily<LoadResults>>) => LoadFile = lazily;

/** The files of each format. */
export const FORMATS = {
  html: [ofRun('index.html', PAGE_MARK, async () => (await import('./render.ts')).renderHtml)],
  md: [ofRun('report.md', MARKDOWN_MARK, async () => (await import('./render.ts')).renderMarkdown)],
  json: [
    ofRun(
      'results.json',
      /^\{\s*"schema":\s*"lanewise\/results@/,
      async () => (await import('./render.ts')).renderJson,
    ),
  ],
  csv: [
    ofRun('samples.csv', CSV_MARK, async () => (await import('./exports/csv.ts')).renderSamplesCsv),
    ofRun('cells.csv', CSV_MARK, async () => (await import('./exports/csv.ts')).renderCellsCsv),
  ],
  trace: [
    ofRun(
      'trace.json',
      /"otherData":\{"tool":"lanewise /,
      async () => (await import('./exports/trace.ts')).renderTrace,
    ),
  ],
  'github-action-benchmark': [
    ofRun(
      'github-action-benchmark.json',
      /measured by Lanewise"|^\[\]\s*$/,
      async () => (await import('./exports/github-action-benchmark.ts')).renderGithubActionBenchmark,
    ),
  ],
  bencher: [
    ofRun(
      'bencher.json',
      // The format has no place for a mark: recognized by its two measures.
      /^\{\}\s*$|^\{\s*"[^"]+\/[^"]+": \{\s*"latency": \{[^}]*\},\s*"throughput": \{/,
      async () => (await import('./exports/bencher.ts')).renderBencher,
    ),
  ],
  go: [
    ofRun('benchmarks.txt', /^lanewise: /, async () => (await import('./exports/go-benchmark.ts')).renderGoBenchmark),
  ],
  hyperfine: [
    ofRun(
      'hyperfine.json',
      /^\{\s*"tool": "lanewise /,
      async () => (await import('./exports/hyperfine.ts')).renderHyperfine,
    ),
  ],
} as const satisfies Record<string, readonly FormatFile<Results>[]>;

export type FormatName = keyof typeof FORMATS;

/**
 * The formats written by default: those that people read, and those that hold all data. The others serve one tool each.
 */
export const DEFAULT_FORMATS: readonly FormatName[] = ['html', 'md', 'json', 'csv', 'trace'];

/** Formats for a printed document, as files: a page and Markdown of that name. */
export function documentFormats<Found>(
  name: string,
  documentOf: (found: Found) => Document,
): Readonly<Record<'html' | 'md', readonly FormatFile<Found>[]>> {
  return {
    html: [
      lazily(`${name}.html`, PAGE_MARK, async () => {
        const { dressPage } = await import('./dress/page.tsx');
        return (found) => dressPage(documentOf(found));
      }),
    ],
    md: [
      lazily(`${name}.md`, MARKDOWN_MARK, async () => {
        const { markdownFile } = await import('./dress/markdown.ts');
        return (found) => markdownFile(documentOf(found));
      }),
    ],
  };
}

/** The files of a load measurement. */
export const LOAD_FORMATS = {
  html: [
    ofLoad('load.html', PAGE_MARK, async () => {
      const [{ dressPage }, { loadDocument }] = await Promise.all([
        import('./dress/page.tsx'),
        import('./load/load-document.ts'),
      ]);
      return (found) => dressPage(loadDocument(found));
    }),
  ],
  md: [
    ofLoad('load.md', MARKDOWN_MARK, async () => {
      const [{ markdownFile }, { loadDocument }] = await Promise.all([
        import('./dress/markdown.ts'),
        import('./load/load-document.ts'),
      ]);
      return (found) => markdownFile(loadDocument(found));
    }),
  ],
  json: [
    ofLoad('load.json', /^\{\s*"schema":\s*"lanewise\/load@/, async () => {
      const { jsonText } = await import('../model/text.ts');
      return (found) => jsonText(found, 2);
    }),
  ],
} as const satisfies Record<string, readonly FormatFile<LoadResults>[]>;

export const DEFAULT_LOAD_FORMATS = ['html', 'md', 'json'] as const satisfies readonly (keyof typeof LOAD_FORMATS)[];
