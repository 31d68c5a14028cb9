import type { Results } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { longestTaskMs } from '../../stats/summarize.ts';
import { listOf, only, paragraph, present, section, type Block, type Section, type Text } from '../document.ts';
import { failureNotes } from '../finding.ts';
import { verdictOf } from '../verdict.ts';
import { costLines, whyLine } from './costs.ts';
import { deploymentOf, type Deployment } from './deployment.ts';
import { screeningBlocks } from './screening-table.ts';
import { leftOutLines, searchLine } from './search-text.ts';
import { settingCode } from './setting-code.ts';

/** Candidates often fail alike: a few reasons say enough. */
const MOST_FAILURES = 3;

/** The result of `tune`: the code to paste, its costs and reasons, and a map of the screening; empty for other runs. */
export function settingSections(group: ReportGroup, results: Results, where?: Deployment): readonly Section[] {
  const { tuned } = group;
  if (tuned === undefined) return [];
  const costs = costLines(group);
  const why = whyLine(group, results.environment.cores);
  const setting = present<Block>(
    ...only(['terminal'], [paragraph(verdictOf(group).details.join(' '))]),
    ...(group.choice === undefined ? [] : codeOf(group.choice, group, results, where)),
    costs.length > 0 && section('What it costs', [listOf(costs)]),
    why !== undefined && section('Why', [{ kind: 'paragraph', text: why }]),
  );
  // Elsewhere the reason why there is none stands with the verdict.
  const isOfTerminal = setting.every(({ on }) => on?.every((dress) => dress === 'terminal'));
  return present(
    setting.length > 0 && {
      ...section('The configuration', setting),
      ...(isOfTerminal && { on: ['terminal'] as const }),
    },
    section('What was tried', [
      { kind: 'paragraph', text: [searchLine(tuned), ...leftOutLines(tuned)].join(' ') },
      ...screeningBlocks(tuned),
      ...failureNotes(tuned.screened).slice(0, MOST_FAILURES),
    ]),
  );
}

/** Code to paste, one block per file. */
function codeOf(
  choice: NonNullable<ReportGroup['choice']>,
  { workload, tuned }: ReportGroup,
  { options, environment, runtimes = [], tool }: Results,
  given: Deployment | undefined,
): readonly Block[] {
  const where = given ?? deploymentOf(workload.source, tuned?.tuning);
  // An inherited UV_THREADPOOL_SIZE is part of the measured configuration.
  const uvThreads = choice.uvThreads ?? environment.uvThreads ?? undefined;
  const files = settingCode({ ...choice, ...(uvThreads !== undefined && { uvThreads }) }, where, {
    tasks: workload.tasks,
    params: workload.params,
    atomics: options.atomics,
    flags: runtimes[0]?.flags ?? [],
    piscina: tool.piscina,
    queueServer: options.queue?.server,
    longestMs: longestTaskMs(choice.samples),
  });
  const blocks = files.map<Block>(({ name, text }) => ({
    kind: 'code',
    language: 'js',
    title: `The configuration as code: ${name}`,
    isTitled: true,
    text,
  }));
  const lacking = given === undefined ? whatToPutIn(where) : undefined;
  return present<Block>(lacking !== undefined && paragraph(lacking), ...blocks);
}

/** Results and reports are shared, so they lack part of the code. */
function whatToPutIn({ module, isPackage, definition }: Deployment): Text | undefined {
  const lacksInputs = definition?.makesInputs !== true;
  if (isPackage) return lacksInputs ? 'Results hold no inputs: put in yours.' : undefined;
  const file = { text: module.slice(module.lastIndexOf('/') + 1), as: 'code' } as const;
  return lacksInputs
    ? ['Results name files without folders and hold no inputs: put in the path of ', file, ' and your inputs.']
    : ['Results name files without folders: put in the path of ', file, '.'];
}
