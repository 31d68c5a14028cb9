import type { Saved } from '../model/check-results.ts';
import { jsonText, readable } from '../model/text.ts';
import type { ValuesOf } from '../options/table.ts';
import { paintFor } from '../report/dress/tones.ts';
import { DEFAULT_FORMATS, DEFAULT_LOAD_FORMATS, FORMATS, LOAD_FORMATS } from '../report/formats.ts';
import { readSaved } from './read-results.ts';
import { openReportFolder, reportFolder, type ReportFolder } from './report-folder.ts';

/** The report of saved results: its texts, and the folder for its files. */
interface Report {
  readonly json: () => string;
  readonly terminal: () => string | Promise<string>;
  readonly markdown: () => string | Promise<string>;
  readonly write: () => ReturnType<ReportFolder['write']>;
}

/** Runs `lanewise report`: writes the report of saved results again. @returns the exit status */
export async function rewriteReport(values: ValuesOf<'report'>): Promise<number> {
  const { results: path, quiet = false, json = false } = values;
  // A wrong format is an error before anything is read, perhaps from a pipe. Load measurements have some of the formats.
  reportFolder(values, path, FORMATS, DEFAULT_FORMATS);
  const report = await reportOf(await readSaved(path), values);
  const note = (text: string): void => void (quiet || process.stderr.write(`${readable(text)}\n`));
  const files = await report.write();
  process.stdout.write(json ? report.json() : await report.terminal());
  note(`Written: ${files.join(', ')}`);
  if (values.summary === true) {
    const { writeSummary } = await import('./job-summary.ts');
    await writeSummary(report.markdown);
  }
  return 0;
}

async function reportOf({ kind, results }: Saved, values: ValuesOf<'report'>): Promise<Report> {
  const paint = paintFor(values, process.stdout);
  if (kind === 'run') {
    const { renderJson, renderMarkdown, renderTerminal } = await import('../report/render.ts');
    const folder = openReportFolder(reportFolder(values, values.results, FORMATS, DEFAULT_FORMATS));
    return {
      json: () => renderJson(results),
      terminal: () => renderTerminal(results, paint),
      markdown: () => renderMarkdown(results),
      write: () => folder.write(results),
    };
  }
  const [{ loadDocument }, { dressTerminal }, { markdownFile }] = await Promise.all([
    import('../report/load/load-document.ts'),
    import('../report/dress/terminal.ts'),
    import('../report/dress/markdown.ts'),
  ]);
  const folder = openReportFolder(reportFolder(values, values.results, LOAD_FORMATS, DEFAULT_LOAD_FORMATS));
  return {
    json: () => jsonText(results, 2),
    terminal: () => dressTerminal(loadDocument(results), paint),
    markdown: () => markdownFile(loadDocument(results)),
    write: () => folder.write(results),
  };
}
