import { median } from '../../stats/quantile.ts';
import type { LoadCell, LoadResults, OverloadedCell } from '../../model/load.ts';
import { familyOf } from '../../model/strategies.ts';
import { paragraph, present, section, type Block, type Table } from '../document.ts';
import { strategyText } from './versions.ts';
import { configurationName } from '../names.ts';
import { CALM_MS } from '../../stats/load/pulse.ts';
import { duration, givenTime, listed, percent, plural, threeDigits } from '../numbers.ts';

/** The pulses of a load measurement, beside what a fluid would do; none if they were not asked for. */
export function overloadBlocks({ options, overload = [], cells, held = [] }: LoadResults): readonly Block[] {
  if (options.overload === undefined) return [];
  const { times, pulseMs } = options.overload;
  const without = cells.filter(({ id, status }) => status === 'ok' && overload.every(({ cell }) => cell !== id));
  // Nothing that arrives could meet the objective, so none was tried.
  const hopeless = without.filter(({ id }) => held.some(({ cell, kind }) => cell === id && kind === 'none'));
  const refused = without.filter((cell) => !hopeless.includes(cell));
  const known = overload.every(({ isHeld }) => isHeld) ? 'holds' : 'can do';
  return [
    section(
      `A pulse of ${givenTime(pulseMs)}`,
      present<Block>(
        overload.length > 0 &&
          paragraph(
            `For ${givenTime(pulseMs)}, ${times} times as many tasks arrived as each configuration ${known}; before and after it, at most half as many as it ${known}.`,
          ),
        overload.length > 0 && overloadTable(overload, cells),
        hopeless.length > 0 &&
          paragraph(`No pulse for ${listed(hopeless.map(configurationName), 4)}: no rate holds the objective.`),
        refused.length > 0 &&
          paragraph(
            `No pulse counts for ${listed(refused.map(configurationName), 4)}: the process that sends the requests was late, or it was interrupted.`,
            'unsure',
          ),
      ),
    ),
  ];
}

function overloadTable(overload: readonly OverloadedCell[], cells: readonly LoadCell[]): Table {
  const hasRejects = overload.some(({ rejectedShare }) => rejectedShare > 0);
  const hasGivenUp = overload.some(({ gaveUpShare }) => gaveUpShare > 0);
  const right = { align: 'right' } as const;
  return {
    kind: 'table',
    label: 'A pulse of arrivals',
    columns: present(
      { title: 'strategy' },
      { title: 'workers', ...right },
      { title: 'pulse, tasks/s', short: 'pulse\n/s', ...right },
      { title: 'backlog growth/s (forecast)', short: 'backlog\n/s', ...right },
      { title: 'largest backlog', short: 'largest\nbacklog', ...right },
      { title: 'recovery (forecast)', short: 'recovery\n(forecast)', ...right },
      hasRejects && { title: 'rejected', ...right },
      hasGivenUp && { title: 'given up', short: 'given\nup', ...right },
      hasGivenUp && { title: 'done in vain', short: 'in\nvain', ...right },
    ),
    rows: overload.flatMap((one) => {
      const cell = cells.find(({ id }) => id === one.cell);
      if (cell === undefined) return [];
      const { measured, forecast } = one.growthPerSecond;
      return [
        {
          cells: present(
            { text: strategyText(cell), family: familyOf(cell) },
            { text: String(cell.poolSize) },
            { text: threeDigits(one.pulseRate) },
            { text: `${signed(measured)} (${signed(forecast)})` },
            { text: threeDigits(median(one.pulses.map(({ mostBacklog }) => mostBacklog))) },
            { text: recoveryText(one) },
            hasRejects && { text: percent(one.rejectedShare) },
            hasGivenUp && { text: percent(one.gaveUpShare) },
            hasGivenUp && { text: percent(one.wastedShare) },
          ),
        },
      ];
    }),
  };
}

function signed(value: number): string {
  return value > 0 ? `+${threeDigits(value)}` : threeDigits(value);
}

/** How long after a pulse a recovery would have been seen: a second has to follow it. */
export function watchedMs(tailMs: number): number {
  return Math.max(0, tailMs - CALM_MS);
}

function recoveryText({ recoveryMs: { measured, forecast }, tailMs }: OverloadedCell): string {
  const found = measured === null ? `> ${duration(watchedMs(tailMs))}` : duration(measured);
  return `${found} (${forecast === null ? 'never' : duration(forecast)})`;
}

/** How the pulses were measured. */
export function overloadTexts({ options, overload = [] }: LoadResults): readonly string[] {
  const [first] = overload;
  if (options.overload === undefined || first === undefined) return [];
  const refused = overload.reduce((sum, one) => sum + one.refused, 0);
  return [
    `The pulse came after the windows of ${plural(first.pulses.length + first.refused, 'block')}; each value is the median of them, each share that of all their tasks. The capacity was measured just before, in a batch of all tasks at once.`,
    ...(refused > 0
      ? [`${plural(refused, 'pulse')} did not count, since the process that sends the requests was late.`]
      : []),
    'Recovery is the time from the end of the pulse to the first second in which the arriving tasks met the objective. The forecast takes the queue for a fluid: what arrived in the pulse minus what can be done in that time, until what is left may wait within the objective, while the tasks arrive that then came.',
  ];
}
