import type { Cell, Results } from '../model/results.ts';
import { numbersTable } from './columns.ts';
import { clip } from './displayable.ts';
import { only, type Code, type Paragraph, type Section } from './document.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { shortId } from '../model/cell-id.ts';
import { errorText, failurePlace, failureText, wayName, workName } from './names.ts';
import { percent, plural, ratio } from './numbers.ts';
import { scalingSentences } from './scaling-text.ts';
import { timelineBlocks } from './timeline-text.ts';

const STACK_LIMIT = 1500;

/** All that was measured of one workload; what a page says of it beside its verdict and its curves is left out there. */
export function groupSection(group: ReportGroup, results: Results): Section {
  const { title, workload, cells } = group;
  return {
    kind: 'section',
    heading: `${title} · ${workName(workload)} · batches of ${plural(workload.tasks, 'task')}`,
    blocks: [
      numbersTable(group),
      ...only(
        ['terminal', 'markdown'],
        [...groupNotes(group), ...scalingSentences(group, results.environment.cores).map(note)],
      ),
      ...only(
        ['markdown'],
        failuresOf(cells).flatMap(({ error }) => stackOf(error)),
      ),
      ...timelineBlocks(group, results),
    ],
  };
}

/** What the machine could give, and what failed. */
export function groupNotes(group: ReportGroup): readonly Paragraph[] {
  const ceiling = ceilingSentence(group);
  return [
    ...(ceiling === undefined ? [] : [note(ceiling)]),
    ...failuresOf(group.cells).map((cell): Paragraph => ({
      ...note(`${shortId(cell)} failed${failurePlace(cell.error)}: ${errorText(cell.error)}`),
      tone: 'bad',
    })),
  ];
}

/** What the machine can give at most, and how much of it the best way reaches; undefined where it was not measured. */
function ceilingSentence({ ceiling, cells }: ReportGroup): string | undefined {
  if (ceiling === undefined) return undefined;
  const { lanes, speedup, share } = ceiling;
  const [best, baseline] = [ceiling.best, ceiling.baseline].map((id) => cells.find((cell) => cell.id === id));
  if (best === undefined || baseline === undefined) return undefined;
  return `What this machine can give: ${plural(lanes, 'plain process', 'plain processes')} to which nothing is handed over ${lanes === 1 ? 'does' : 'do'} the same work ${ratio(speedup.estimate)} times as fast as ${wayName(baseline)} (${percent(speedup.level)} interval ${ratio(speedup.lo)} to ${ratio(speedup.hi)}); ${shortId(best)} reaches ${percent(share.estimate)} of that (${percent(share.lo)} to ${percent(share.hi)}).`;
}

function note(text: string): Paragraph {
  return { kind: 'paragraph', text, isNote: true };
}

type Failed = Extract<Cell, { status: 'failed' }>;

/** What stopped several is told once. */
function failuresOf(cells: readonly Cell[]): readonly Failed[] {
  const failed = cells.filter((cell) => cell.status === 'failed');
  return failed.filter(
    (cell, index) => failed.findIndex(({ error }) => error.message === cell.error.message) === index,
  );
}

/** Where it was thrown; nothing where that is not known. */
function stackOf(error: Failed['error']): readonly Code[] {
  if (error.stack === undefined) return [];
  return [
    { kind: 'code', language: 'text', title: `${error.name}, thrown`, text: clip(failureText(error), STACK_LIMIT) },
  ];
}
