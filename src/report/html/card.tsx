import type { VNode } from 'preact';
import type { MeasuredCell } from '../../model/results.ts';
import { ceilingSentence } from '../ceiling-text.ts';
import { speedupText } from '../columns.ts';
import { clip } from '../displayable.ts';
import type { ReportGroup } from '../../stats/groups.ts';
import { capital, errorText, failurePlace, shortId, wayName, workName } from '../names.ts';
import { orNotMeasured, plural, ratio, threeDigits } from '../numbers.ts';
import { tieOf } from '../tie-text.ts';
import { verdictParts } from '../verdict.ts';

const TIED_SHOWN = 4;

/** One workload: what to choose, how sure that is, what it costs. */
export function Card({ group }: { readonly group: ReportGroup }): VNode {
  const { title, workload, cells, choice } = group;
  const failed = cells.filter((cell) => cell.status === 'failed');
  const ceiling = ceilingSentence(group);
  return (
    <article class="card">
      <h2>{title}</h2>
      <p class="note">
        {workName(workload)}, batches of {plural(workload.tasks, 'task')}
      </p>
      {choice && <p class="choice">{capital(wayName(choice))}</p>}
      {verdictParts(group).map((part) => (
        <p>{capital(part)}</p>
      ))}
      {choice && <Facts group={group} choice={choice} />}
      {ceiling && <p class="note">{ceiling}</p>}
      {failed.map((cell) => (
        <p class="note">
          {shortId(cell)} failed{failurePlace(cell.error)}: {clip(errorText(cell.error), 400)}
        </p>
      ))}
    </article>
  );
}

function Facts({ group, choice }: { readonly group: ReportGroup; readonly choice: MeasuredCell }): VNode {
  const { coresUsed, inProgress, memoryMiB, startupMs, loopDelayMs, taskMs } = choice.summary;
  const facts: readonly (readonly [name: string, value: string | VNode])[] = [
    ['speed-up', speedupText(choice, group)],
    ['tied with', <TieLines group={group} />],
    ['in progress', `${ratio(inProgress)} tasks`],
    ['cores used', ratio(coresUsed)],
    ['memory', memoryMiB === null ? orNotMeasured(null) : `${threeDigits(memoryMiB)} MiB`],
    ['start-up', `${threeDigits(startupMs)} ms`],
    ['task latency', `p50 ${threeDigits(taskMs.p50)} ms, p99 ${threeDigits(taskMs.p99)} ms`],
    ['event-loop delay, p99', `${threeDigits(loopDelayMs.p99)} ms`],
  ];
  return (
    <dl>
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

/** Names that are not broken. */
function TieLines({ group }: { readonly group: ReportGroup }): VNode {
  const { names, chosenFor } = tieOf(group, shortId);
  const more = names.length - TIED_SHOWN;
  const lines = [
    ...names.slice(0, TIED_SHOWN),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(chosenFor === undefined ? [] : [`chosen: ${chosenFor}`]),
  ];
  if (names.length === 0) return <>nothing else</>;
  return (
    <>
      {lines.map((line) => (
        <span class="line">{line}</span>
      ))}
    </>
  );
}
