import type { Results, Timeline } from '../model/results.ts';
import { lastMs } from '../stats/timeline-facts.ts';
import type { Block, Code } from './document.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { shortId } from '../model/cell-id.ts';
import { threeDigits } from './numbers.ts';
import { laneLabel, timelineCaption, timelineRows } from './timeline-text.ts';
import { traitsOf } from '../model/strategies.ts';

/** Who ran when, in letters: in a terminal the baseline and the choice, taking turns beside running at once. The page has a figure. */
export function timelineBlocks(group: ReportGroup, { timelines }: Results): readonly Block[] {
  const { cells, baseline, choice, recommendation } = group;
  const lanesOf = new Map(cells.map((cell) => [cell.id, traitsOf(cell).lanes]));
  const own = timelines.filter(({ cell }) => lanesOf.has(cell));
  const spokenOf = new Set([baseline?.id, choice?.id, recommendation?.fastest]);
  // Starting a lane for every task takes so long that nothing else would be seen on the same scale.
  const startsLanes = ({ cell }: Timeline): boolean => lanesOf.get(cell) === 'per-task';
  const all = [own.filter((timeline) => !startsLanes(timeline)), own.filter(startsLanes)].flatMap((part) =>
    drawing(part, group),
  );
  return [
    ...drawing(
      own.filter(({ cell }) => spokenOf.has(cell)),
      group,
    ).map((code): Block => ({ ...code, on: ['terminal'] })),
    ...(all.length === 0
      ? []
      : [{ kind: 'details', heading: 'Timelines', blocks: [EXPLANATION, ...all], on: ['markdown'] } as const]),
  ];
}

const EXPLANATION: Block = {
  kind: 'paragraph',
  text: 'A row for each worker. Each is one traced batch of up to three, the one nearest to the median measured batch.',
};

/** On one time scale; nothing where nothing was recorded. */
function drawing(timelines: readonly Timeline[], { cells, workload }: ReportGroup): readonly Code[] {
  const totalMs = lastMs(timelines);
  if (totalMs === 0) return [];
  const lines = timelines.flatMap((timeline) => {
    const cell = cells.find(({ id }) => id === timeline.cell);
    if (cell === undefined) return [];
    const caption = timelineCaption(timeline, cell, workload.tasks);
    return [
      caption === undefined ? shortId(cell) : `${shortId(cell)} · ${caption}`,
      ...timelineRows(timeline.slices, totalMs, (lane) => laneLabel(cell, lane)),
    ];
  });
  const title = `Timeline, 0–${threeDigits(totalMs)} ms: a digit is a running task, · is a waiting one`;
  return [{ kind: 'code', language: 'text', title, text: lines.join('\n') }];
}
