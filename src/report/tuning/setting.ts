import type { Cell, Results } from '../../model/results.ts';
import type { ReportGroup, Tuned } from '../../stats/groups.ts';
import { deploymentOf, type Deployment } from './deployment.ts';
import { settingCode, type CodeFile } from './setting-code.ts';
import { costLines, leftOutLines, searchLine, whyLine } from './words.ts';

/** What every report says of the setting that `tune` chose. */
export interface Setting {
  /** To paste, a file each; none if nothing could be chosen. */
  readonly code: readonly CodeFile[];
  readonly costs: readonly string[];
  readonly why: string | undefined;
  /** How it was found, and what could not be chosen. */
  readonly notes: readonly string[];
}

/** @param where the code is to run; undefined: only what results tell of it */
export function settingOf(
  group: ReportGroup,
  tuned: Tuned,
  { options, environment, runtimes = [], tool }: Results,
  where: Deployment = deploymentOf(group.workload.source, tuned.tuning),
): Setting {
  const { choice } = group;
  return {
    code:
      choice === undefined
        ? []
        : settingCode({ ...choice, ...uvThreadsOf(choice, environment) }, where, {
            tasks: group.workload.tasks,
            params: group.workload.params,
            atomics: options.atomics,
            flags: runtimes[0]?.flags ?? [],
            piscina: tool.piscina,
          }),
    costs: costLines(group),
    why: whyLine(group, environment.cores),
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
