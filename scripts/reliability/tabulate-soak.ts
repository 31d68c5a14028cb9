import { markdownTable } from 'markdown-table';
import { madeBy } from '../docs/made-by.ts';
import { median } from '../../src/stats/quantile.ts';

export interface SoakCounts {
  runs: number;
  interruptions: number;
  resumes: number;
  /** Failed cells; their runs continued. */
  faults: number;
  samples: number;
  /** Samples on disk that are not in the results. */
  samplesLost: number;
  processesLeft: number;
  foldersLeft: number;
  /** Sentences about anything unexpected. */
  readonly surprises: string[];
  /** Open handles of this process after each of its own runs. */
  readonly handles: number[];
  readonly heapMiB: number[];
}

/** Medians of the first and the last quarter, which show growth. */
export function drift(values: readonly number[]): readonly [first: number, last: number] {
  const quarter = Math.max(1, Math.floor(values.length / 4));
  return values.length === 0 ? [0, 0] : [median(values.slice(0, quarter)), median(values.slice(-quarter))];
}

export function tabulateSoak(counts: SoakCounts, head: { readonly minutes: number; readonly seed: number }): string {
  const [handlesFirst, handlesLast] = drift(counts.handles);
  const [heapFirst, heapLast] = drift(counts.heapMiB);
  const made = madeBy(`npm run soak -- --minutes ${head.minutes} --seed ${head.seed}`);
  const rows: [string, string][] = [
    ['complete runs', String(counts.runs)],
    ['interruptions and kills, of these or earlier attempts', String(counts.interruptions)],
    ['resumed', String(counts.resumes)],
    ['configurations that failed while their runs continued', String(counts.faults)],
    ['samples', String(counts.samples)],
    ['samples lost', String(counts.samplesLost)],
    ['processes left', String(counts.processesLeft)],
    ['temporary folders left', String(counts.foldersLeft)],
    ['other surprises', String(counts.surprises.length)],
    ['handles of the orchestrator, first and last quarter', `${handlesFirst}, ${handlesLast}`],
    ['its heap, first and last quarter', `${heapFirst.toFixed(1)} MiB, ${heapLast.toFixed(1)} MiB`],
  ];
  return `${made}\n\n${markdownTable([['', 'count'], ...rows], { align: ['left', 'right'] })}`;
}
