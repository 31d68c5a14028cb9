import type { AtRate, LoadCell, LoadResults } from '../../model/load.ts';
import type { Column } from '../document.ts';
import { errorWithLine, withPreposition } from '../names.ts';
import { givenTime, percent, plural, threeDigits } from '../numbers.ts';

/** A column of tasks that got no result in time, shown where it was asked for or where there are any. */
export interface Loss {
  readonly column: Column;
  readonly read: (found: AtRate) => string;
}

export function lossesOf({
  options: { maxQueue, giveUpMs },
  cells,
}: Pick<LoadResults, 'options' | 'cells'>): readonly Loss[] {
  const rates = cells.flatMap((cell) => (cell.status === 'ok' ? cell.rates : []));
  const right = { align: 'right' } as const;
  const failed = {
    column: { title: 'failed', ...right },
    read: ({ failedShare }: AtRate) => (failedShare === undefined ? '' : percent(failedShare)),
  };
  const rejected = { column: { title: 'rejected', ...right }, read: (found: AtRate) => percent(found.rejectedShare) };
  const given: readonly Loss[] = [
    { column: { title: 'given up', short: 'given\nup', ...right }, read: ({ gaveUpShare }) => percent(gaveUpShare) },
    {
      column: { title: 'done in vain', short: 'in\nvain', ...right, spare: 2 },
      read: ({ wastedShare }) => percent(wastedShare),
    },
    {
      column: { title: 'running in vain', ...right, on: ['markdown', 'page'] },
      read: ({ wastedRunning }) => threeDigits(wastedRunning),
    },
  ];
  return [
    ...(rates.some(({ failedShare = 0 }) => failedShare > 0) ? [failed] : []),
    ...(maxQueue !== null || rates.some(({ rejectedShare }) => rejectedShare > 0) ? [rejected] : []),
    ...(giveUpMs !== null ? given : []),
  ];
}

/** Errors that tasks threw in windows, each once, with the first configuration that had it. */
export function thrownSentences(cells: readonly LoadCell[]): readonly string[] {
  const found = new Map(
    cells
      .flatMap((cell) =>
        cell.windows.flatMap(({ thrown, phase }) =>
          thrown === undefined || phase !== undefined ? [] : [{ cell, thrown }],
        ),
      )
      .toReversed()
      .map((one) => [one.thrown.message, one]),
  );
  return [...found.values()]
    .toReversed()
    .slice(0, MOST_ERRORS)
    .map(
      ({ cell, thrown }) =>
        `Tasks threw, and count as missed: ${errorWithLine(thrown)} (first ${withPreposition(cell)}).`,
    );
}

const MOST_ERRORS = 3;

/** Meaning of the columns, for the method. */
export function lossTexts({ maxQueue, giveUpMs, stricterFifo }: LoadResults['options']): readonly string[] {
  const limit =
    maxQueue === 'auto' ? 'as the square of its workers' : maxQueue === null ? undefined : plural(maxQueue, 'task');
  return [
    limit !== undefined &&
      `Queues were limited: a task that found as many waiting as ${limit} was rejected at once. It counts as missed, and as slower than all others where the objective is judged.`,
    giveUpMs !== null &&
      `Nobody waited longer than ${givenTime(giveUpMs)} for a task: it was given up and counts as missed, but its configuration does not know and runs it all the same. Done in vain is the share of such tasks that were done, running in vain their mean number at once.`,
    !stricterFifo &&
      'Piscina was free to put a waiting task behind others (stricterFIFO false, its default); all other queues kept the order.',
  ].filter((text) => text !== false);
}
