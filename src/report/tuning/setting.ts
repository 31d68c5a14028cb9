import type { Cell, Results } from '../../model.ts';
import type { ReportGroup, Tuned } from '../groups.ts';
import { settingCode } from './setting-code.ts';
import { costLines, leftOutLines, searchLine, whyLine } from './words.ts';

/** What every report says of the setting that `tune` chose. */
export interface Setting {
  /** To paste; undefined if nothing could be chosen. */
  readonly code: string | undefined;
  readonly costs: readonly string[];
  readonly why: string | undefined;
  /** How it was found, and what could not be chosen. */
  readonly notes: readonly string[];
}

export function settingOf(group: ReportGroup, tuned: Tuned, { options, environment }: Results): Setting {
  const choice = group.cells.find(({ id }) => id === tuned.tuning.choose);
  return {
    code:
      choice && settingCode({ ...choice, ...uvThreadsOf(choice, environment) }, group.workload.tasks, options.atomics),
    costs: costLines(group, tuned),
    why: whyLine(group, tuned, environment.cores),
    notes: [searchLine(tuned), ...leftOutLines(tuned)],
  };
}

/** Where the size of libuv's pool was inherited, it is part of what was measured. */
function uvThreadsOf(
  { uvThreads }: Pick<Cell, 'uvThreads'>,
  { uvThreads: inherited }: Results['environment'],
): Pick<Cell, 'uvThreads'> {
  const size = uvThreads ?? inherited ?? undefined;
  return size === undefined ? {} : { uvThreads: size };
}
