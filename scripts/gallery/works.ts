/** The works of examples/gallery, and what is known of each. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Results } from '../../src/model/results.ts';
import { renderMarkdown } from '../../src/report/render.ts';
import { readResults } from '../../src/session/read-results.ts';

export const GALLERY = fileURLToPath(new URL('../../../examples/gallery/', import.meta.url));

/** A work as gallery.mjs declares it. */
export interface Work {
  readonly name: string;
  readonly title: string;
  /** The question that people ask. */
  readonly question: string;
  /** The rule of thumb that answers it. */
  readonly rule: string;
  /** Where they ask it. */
  readonly threads: readonly string[];
  /** Arguments of `lanewise`, in the folder of the gallery. */
  readonly command: readonly string[];
  /** Further arguments, with which it measures as little as possible. */
  readonly smallest: readonly string[];
}

/** A work with its committed results and the text that was written about them. */
export interface ShownWork {
  readonly work: Work;
  /** Undefined: not measured yet. */
  readonly results?: Results;
  /** Markdown. */
  readonly notes: string;
}

export async function readWorks(): Promise<readonly Work[]> {
  const { works } = (await import(pathToFileURL(join(GALLERY, 'gallery.mjs')).href)) as {
    readonly works: readonly Work[];
  };
  return works;
}

/** The committed report of a work. */
export function reportFolder({ name }: Work): string {
  return join(GALLERY, 'reports', name);
}

export async function readShown(work: Work): Promise<ShownWork> {
  const path = join(reportFolder(work), 'results.json.gz');
  const notes = readFileSync(join(GALLERY, 'notes', `${work.name}.md`), 'utf8').trim();
  return existsSync(path) ? { work, notes, results: await readResults(path) } : { work, notes };
}

/** Speedups and intervals, as reports write them. */
const FIGURE = /\d+(?:\.\d+)?(?:×|–\d+(?:\.\d+)?)/g;

/** Figures of the notes that are not in the report, as after a new measurement. */
export async function unmeasuredIn({ notes, results }: ShownWork): Promise<readonly string[]> {
  const figures = notes.match(FIGURE) ?? [];
  if (results === undefined) return figures;
  const measured = new Set((await renderMarkdown(results)).match(FIGURE));
  return figures.filter((figure) => !measured.has(figure));
}
