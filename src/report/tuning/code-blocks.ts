import type { Results } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { longestTaskMs } from '../../stats/summarize.ts';
import { paragraph, present, type Block, type Text } from '../document.ts';
import { deploymentOf, type Deployment } from './deployment.ts';
import { settingCode } from './setting-code.ts';

/** Code to paste, one block per file. */
export function codeOf(
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
