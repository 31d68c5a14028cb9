import type { Results } from '../../model/results.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { listOf, only, paragraph, present, section, type Block, type Section } from '../document.ts';
import { failureNotes } from '../finding.ts';
import { verdictOf } from '../verdict.ts';
import { costLines, whyLine } from './costs.ts';
import { codeOf } from './code-blocks.ts';
import type { Deployment } from './deployment.ts';
import { screeningBlocks } from './screening-table.ts';
import { leftOutLines, searchLine } from './search-text.ts';

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
      { kind: 'paragraph', text: [searchLine(tuned, results.complete), ...leftOutLines(tuned)].join(' ') },
      ...screeningBlocks(tuned),
      ...failureNotes(tuned.screened).slice(0, MOST_FAILURES),
    ]),
  );
}
