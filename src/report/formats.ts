import type { Results } from '../model.ts';

export interface Format {
  readonly file: string;
  readonly render: (results: Results) => Promise<string>;
}

/** What a report folder can hold; each renderer is loaded when it is used. */
export const FORMATS = {
  html: { file: 'index.html', render: async (results) => (await import('./html/render-html.ts')).renderHtml(results) },
  json: { file: 'results.json', render: async (results) => (await import('./json.ts')).renderJson(results) },
  md: { file: 'report.md', render: async (results) => (await import('./markdown.ts')).renderMarkdown(results) },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
