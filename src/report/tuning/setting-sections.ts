import type { Results } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { listOf, section, type Block, type Section } from '../document.ts';
import { deploymentOf, type Deployment } from './module-code.ts';
import { screeningBlocks } from './screening.ts';
import { settingCode } from './setting-code.ts';
import { costLines, leftOutLines, searchLine, whyLine } from './words.ts';

/** What `tune` found: the code to paste, what it costs and why, and a map of what was screened; nothing of any other run. */
export function settingSections(group: ReportGroup, results: Results, where?: Deployment): readonly Section[] {
  const { tuned } = group;
  if (tuned === undefined) return [];
  const costs = costLines(group);
  const why = whyLine(group, results.environment.cores);
  const setting: readonly Block[] = [
    ...codeOf(group, results, where ?? deploymentOf(group.workload.source, tuned.tuning)),
    ...(costs.length === 0 ? [] : [section('What it costs', [listOf(costs)])]),
    ...(why === undefined ? [] : [section('Why', [{ kind: 'paragraph', text: why }])]),
  ];
  return [
    ...(setting.length === 0 ? [] : [section('The setting', setting)]),
    section('What was tried', [
      { kind: 'paragraph', text: [searchLine(tuned), ...leftOutLines(tuned)].join(' ') },
      ...screeningBlocks(tuned),
    ]),
  ];
}

/** To paste, a file each; none if nothing could be chosen. */
function codeOf(
  { choice, workload }: ReportGroup,
  { options, environment, runtimes = [], tool }: Results,
  where: Deployment,
): readonly Block[] {
  if (choice === undefined) return [];
  // Where the size of libuv's pool was inherited, it is part of what was measured.
  const uvThreads = choice.uvThreads ?? environment.uvThreads ?? undefined;
  const files = settingCode({ ...choice, ...(uvThreads !== undefined && { uvThreads }) }, where, {
    tasks: workload.tasks,
    params: workload.params,
    atomics: options.atomics,
    flags: runtimes[0]?.flags ?? [],
    piscina: tool.piscina,
  });
  return files.map(({ name, text }) => ({
    kind: 'code',
    language: 'js',
    title: `The setting as code: ${name}`,
    isTitled: true,
    text,
  }));
}
