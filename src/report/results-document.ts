import type { Results } from '../model/results.ts';
import { displayable } from './displayable.ts';
import {
  listOf,
  only,
  paragraph,
  present,
  section,
  shownOn,
  warningSection,
  type Block,
  type Document,
} from './document.ts';
import { HOW_TO_READ, interruption, factsOf, methodDetails } from './method.ts';
import { answersTable, findingOf, groupSection, headline, shortHeadline } from './finding.ts';
import { groupResults, type ReportGroup } from '../stats/groups.ts';
import { crossoverSentences } from './scaling-text.ts';
import type { Deployment } from './tuning/deployment.ts';
import { isAboveVerdict, warningTexts } from './warning-text.ts';

const READ = ['markdown', 'page'] as const;

/**
 * The report of a run or a tuning: the verdict of each workload, the figures, the numbers and the method.
 *
 * @param where the code of a tuning will run, if results do not hold it
 */
export async function resultsDocument(raw: Results, where?: Deployment): Promise<Document> {
  const results = displayable(raw);
  const groups = groupResults(results);
  const { warnings, tool } = results;
  const above = warnings.filter(isAboveVerdict);
  const beneath = warningTexts(
    warnings.filter((warning) => !isAboveVerdict(warning)),
    results,
  );
  const others = above.length > 0 ? 'More warnings' : 'Warnings';
  const numbers = groups.filter(({ cells }) => cells.length > 0).map((group) => groupSection(group, results));
  const crossovers = crossoverSentences(results);
  // Its name and kind are in the title, so that a terminal needs no heading.
  const isAlone = groups.length === 1 && groups[0]?.tuned === undefined;
  const interrupted = interruption(results);
  const settings = await settingsIn(groups, results, where);
  const queue = await queueIn(groups, results);
  const profiles = await profilesIn(results, groups);
  return {
    language: 'en',
    about: 'Lanewise: event loop, threads or processes?',
    title: headline(groups),
    heading: shortHeadline(groups),
    facts: factsOf(results),
    alerts: present<Block>(
      interrupted !== undefined && paragraph(interrupted, 'unsure'),
      ...warningSection('Warnings', warningTexts(above, results)),
    ),
    blocks: present<Block>(
      groups.some(({ choice }) => choice !== undefined) && { ...answersTable(groups), on: READ },
      ...warningSection(others, beneath, READ),
      { kind: 'beside', label: 'Verdicts', blocks: groups.map(findingOf) },
      numbers.length > 0 && HOW_TO_READ,
      crossovers.length > 0 && section('From which task size on?', [listOf(crossovers)]),
      queue,
      profiles,
      ...settings,
      { kind: 'figures', draw: async () => (await import('./figures/figures.ts')).drawFigures(groups, results) },
      ...only(['page'], [section('All the numbers', numbers)]),
      ...only(['markdown'], numbers),
      ...only(['terminal'], isAlone ? numbers.flatMap(({ blocks }) => shownOn('terminal', blocks)) : numbers),
      ...warningSection(others, beneath, ['terminal']),
      methodDetails(results),
    ),
    madeBy: `Lanewise ${tool.version}`,
    footer: `Made by Lanewise ${tool.version} from measurements on one machine; speedups hold for that machine, its Node and its load at that time.`,
  };
}

/** The results of a tuning, whose code only a tuning loads. */
async function settingsIn(
  groups: readonly ReportGroup[],
  results: Results,
  where: Deployment | undefined,
): Promise<readonly Block[]> {
  if (groups.every(({ tuned }) => tuned === undefined)) return [];
  const { settingSections } = await import('./tuning/setting-sections.ts');
  return groups.flatMap((group) => settingSections(group, results, where));
}

/** Only results with CPU profiles load their code. */
async function profilesIn({ cells }: Results, groups: readonly ReportGroup[]): Promise<Block | undefined> {
  if (cells.every(({ profile }) => profile === undefined)) return undefined;
  return (await import('./where-time-goes.ts')).whereTimeGoes(groups);
}

/** Only results of a queue load its code. */
async function queueIn(groups: readonly ReportGroup[], results: Results): Promise<Block | undefined> {
  if (results.options.queue === undefined) return undefined;
  return (await import('./queue-costs.ts')).queueCosts(groups, results);
}
