import { jsonText, readable } from '../model/text.ts';
import type { Document } from '../report/document.ts';
import { dressTerminal } from '../report/dress/terminal.ts';
import { documentFormats } from '../report/formats.ts';
import { paintFor } from '../report/dress/tones.ts';
import { besideFolder, openReportFolder } from './report-folder.ts';

interface Asked {
  readonly out?: string;
  readonly formats?: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly color?: boolean;
}

/**
 * Returns a function that prints a document as text or JSON, and writes it if a folder was given. The folder is opened
 * at once, so that an unwritable one is reported in the first second.
 *
 * @param name of the files
 */
export function printing<Found>(
  values: Asked,
  name: string,
  documentOf: (found: Found) => Document,
): (found: Found) => Promise<void> {
  const options = besideFolder(values, documentFormats(name, documentOf));
  const folder = options && openReportFolder(options);
  return async (found) => {
    process.stdout.write(
      values.json === true ? jsonText(found, 2) : dressTerminal(documentOf(found), paintFor(values, process.stdout)),
    );
    const files = (await folder?.write(found)) ?? [];
    if (files.length > 0 && values.quiet !== true)
      process.stderr.write(`${readable(`Written: ${files.join(', ')}`)}\n`);
  };
}
