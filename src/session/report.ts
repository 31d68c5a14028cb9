import { renderJson } from '../report/json.ts';
import { renderTerminal } from '../report/terminal.ts';
import { isSet, type Args } from '../options/args.ts';
import { writeSummary } from './job-summary.ts';
import { readResults } from './read-results.ts';
import { openReportFolder, reportFolder } from './report-folder.ts';
import { paintFor } from '../cli/screen.ts';

/** `lanewise report`: the same report from saved results. @returns the exit status */
export async function reportAgain(path: string, args: Args): Promise<number> {
  const options = reportFolder(args, path);
  const results = await readResults(path);
  const note = (text: string): void => void (isSet(args, 'quiet') || process.stderr.write(`${text}\n`));
  const files = await openReportFolder(options).write(results);
  process.stdout.write(
    isSet(args, 'json') ? renderJson(results) : renderTerminal(results, paintFor(args, process.stdout)),
  );
  note(`Written: ${files.join(', ')}`);
  await writeSummary(results, args, note);
  return 0;
}
