/**
 * Measures time and memory of rendering a very large run, each format in its own process, as a user starts it:
 *
 *   npm run bench:report -- [--samples 100000] [--workloads 12] [--write]
 *
 * The results are made up from a seed, with the shape and the digits of measured ones. `--write` puts the table into
 * docs/reading-the-report.md.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import type { Results } from '../../src/model/results.ts';
import { DEFAULT_FORMATS, FORMATS, type FormatName } from '../../src/report/formats.ts';
import { fabricate } from './fabricate.ts';
import { madeBy } from '../docs/made-by.ts';
import { writeDocs } from '../docs/write-docs.ts';
import { lanewise } from '../lanewise.ts';
import { scriptOptions } from '../script-options.ts';

export interface RenderedFormat {
  readonly format: FormatName;
  readonly seconds: number;
  /** Peak resident memory of the process. */
  readonly peakMiB: number;
  /** Size of all files of the format. */
  readonly bytes: number;
}

const KIB_PER_MIB = 1024;
const BYTES_PER_MIB = 2 ** 20;
/** Prints the peak when the process ends; resourceUsage() is in KiB on all systems. */
const PRINT_PEAK = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => process.stderr.write(`\\npeak ${process.resourceUsage().maxRSS}\\n`));",
)}`;

/** Renders every format in turn. @throws Error if the command fails */
export function renderAll(results: Results): readonly RenderedFormat[] {
  const folder = mkdtempSync(join(tmpdir(), 'lanewise report '));
  try {
    const file = join(folder, 'results.json');
    writeFileSync(file, JSON.stringify(results));
    return (Object.keys(FORMATS) as FormatName[]).map((format) => renderOne(format, file, join(folder, 'out')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function renderOne(format: FormatName, file: string, out: string): RenderedFormat {
  const startedMs = performance.now();
  const { status, stderr } = lanewise(['report', file, '--out', out, '--format', format], ['--import', PRINT_PEAK]);
  const seconds = (performance.now() - startedMs) / 1000;
  const peakKiB = Number(/^peak (\d+)$/m.exec(stderr)?.[1]);
  if (status !== 0 || Number.isNaN(peakKiB)) throw new Error(`${format}: ${stderr}`);
  const bytes = FORMATS[format].reduce((sum, { file: name }) => sum + statSync(join(out, name)).size, 0);
  return { format, seconds, peakMiB: peakKiB / KIB_PER_MIB, bytes };
}

export function tabulate(rows: readonly RenderedFormat[]): string {
  return markdownTable(
    [
      ['format', 's', 'peak, MiB', 'files, MiB', 'written by default'],
      ...rows.map(({ format, seconds, peakMiB, bytes }) => [
        format,
        seconds.toFixed(1),
        peakMiB.toFixed(0),
        (bytes / BYTES_PER_MIB).toFixed(1),
        DEFAULT_FORMATS.includes(format) ? 'yes' : 'no',
      ]),
    ],
    { align: ['l', 'r', 'r', 'r', 'l'] },
  );
}

function main(): void {
  const values = scriptOptions({ samples: 100000, workloads: 12, write: false });
  const results = fabricate({ samples: values.samples, workloads: values.workloads });
  const table = tabulate(renderAll(results));
  const made = `${values.samples} samples of ${results.cells.length} configurations. ${madeBy('npm run bench:report -- --write')}`;
  process.stdout.write(`${made}\n\n${table}\n`);
  if (values.write) writeDocs('reading-the-report.md', 'size', `${made}\n\n${table}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
