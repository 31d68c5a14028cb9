import { markdownTable } from 'markdown-table';
import { madeBy } from '../docs/made-by.ts';
import type { OnServer } from './soak-queue.ts';
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
  /** Left on the server that outlives the runs; undefined: there was none. */
  onServer?: OnServer;
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

function serverRows({ keys, connections }: OnServer): [string, string][] {
  return [
    ['keys left on the server of a user', String(keys)],
    ['connections left to it', String(connections)],
  ];
}

export function tabulateSoak(
  counts: SoakCounts,
  head: { readonly minutes: number; readonly seed: number; readonly hasQueue?: boolean },
): string {
  const [handlesFirst, handlesLast] = drift(counts.handles);
  const [heapFirst, heapLast] = drift(counts.heapMiB);
  const made = madeBy(
    `npm run soak -- ${head.hasQueue === true ? '--queue ' : ''}--minutes ${head.minutes} --seed ${head.seed}`,
  );
  const rows: [string, string][] = [
    ['complete runs', String(counts.runs)],
    ['interruptions and kills, of these or earlier attempts', String(counts.interruptions)],
    ['resumed', String(counts.resumes)],
    ['configurations that failed while their runs continued', String(counts.faults)],
    ['samples', String(counts.samples)],
    ['samples lost', String(counts.samplesLost)],
    ['processes left', String(counts.processesLeft)],
    ['temporary folders left', String(counts.foldersLeft)],
    ...(counts.onServer === undefined ? [] : serverRows(counts.onServer)),
    ['other surprises', String(counts.surprises.length)],
    ['handles of the orchestrator, first and last quarter', `${handlesFirst}, ${handlesLast}`],
    ['its heap, first and last quarter', `${heapFirst.toFixed(1)} MiB, ${heapLast.toFixed(1)} MiB`],
  ];
  return `${made}\n\n${markdownTable([['', 'count'], ...rows], { align: ['left', 'right'] })}`;
}
