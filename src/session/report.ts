import { renderJson, renderTerminal } from '../report/render.ts';
import { readable } from '../model/text.ts';
import type { ValuesOf } from '../options/table.ts';
import { writeSummary } from './job-summary.ts';
import { readResults } from './read-results.ts';
import { openReportFolder, reportFolder } from './report-folder.ts';
import { paintFor } from '../report/dress/tones.ts';

/** Runs `lanewise report`: writes the report of saved results again. @returns the exit status */
export async function rewriteReport(values: ValuesOf<'report'>): Promise<number> {
  const { results: path, quiet = false, json = false } = values;
  const options = reportFolder(values, path);
  const results = await readResults(path);
  const note = (text: string): void => void (quiet || process.stderr.write(`${readable(text)}\n`));
  const files = await openReportFolder(options).write(results);
  process.stdout.write(json ? renderJson(results) : await renderTerminal(results, paintFor(values, process.stdout)));
  note(`Written: ${files.join(', ')}`);
  if (values.summary === true) await writeSummary(results, note);
  return 0;
}
