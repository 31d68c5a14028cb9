import type { ChosenFor } from '../model/results.ts';
import type { ReportGroup } from '../stats/groups.ts';
import type { shortId } from '../model/cell-id.ts';
import { wayName } from './names.ts';

const REASONS: Readonly<Record<Exclude<ChosenFor, 'only'>, string>> = {
  'near-best': 'the only one that looks close to the best',
  'beats-baseline': 'the only one shown to be faster than the baseline',
  'fewest-workers': 'fewest workers',
  'libuv-threads': 'fewest libuv threads',
  kept: 'your current setting; nothing as good needs fewer workers',
  'looks-best': 'looks best of those with as few workers',
  'least-cpu': 'least CPU time per task',
  'least-memory': 'least memory',
  baseline: 'as few workers as any, and the baseline',
  first: 'as few workers as any; nothing else tells them apart',
};

/** What could not be told from the choice; empty if nothing. */
export interface Tie {
  readonly names: readonly string[];
  /** Why the choice was chosen among them: `fewest workers`; undefined in results of before that was kept. */
  readonly chosenFor: string | undefined;
}

export function tieOf({ recommendation, tied }: ReportGroup, name: typeof wayName | typeof shortId = wayName): Tie {
  const { chosenFor } = recommendation ?? {};
  return {
    names: tied.map((cell) => name(cell)),
    chosenFor: chosenFor === undefined || chosenFor === 'only' ? undefined : REASONS[chosenFor],
  };
}

const SHOWN = 3;

/** `Tied with: 4 worker threads (chosen: fewest workers).`; undefined where nothing is tied. */
export function tieSentence(group: ReportGroup): string | undefined {
  const { names, chosenFor } = tieOf(group);
  if (names.length === 0) return undefined;
  const shown =
    names.length > SHOWN ? `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more` : names.join(', ');
  return `Tied with: ${shown}${chosenFor === undefined ? '' : ` (chosen: ${chosenFor})`}.`;
}
