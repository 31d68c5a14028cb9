import { laneName, type LaneId } from '../../workers/contract.ts';
import type { Cell, CellProfile, MeasuredCell, TimeParts } from '../model/results.ts';
import { traitsOf } from '../model/strategies.ts';
import { isBaseline, type ReportGroup } from '../stats/groups.ts';
import { meanWorker, timeCosts, type MeanWorker, type TimeCost } from '../stats/time-costs.ts';
import { listOf, note, only, present, section, type Block, type Section, type Table } from './document.ts';
import { capital, configurationName, isMany } from './names.ts';
import { orNotMeasured, ratio } from './numbers.ts';

/** Where the time of each worker goes, by its CPU profile; undefined if none was recorded. */
export function whereTimeGoes(groups: readonly ReportGroup[]): Section | undefined {
  const profiled = groups.filter(({ cells }) => cells.some(hasProfile));
  if (profiled.length === 0) return undefined;
  const blocks = profiled.flatMap((group) => blocksOf(group, profiled.length > 1));
  return section('Where the time goes', [...blocks, note(EXPLANATION)]);
}

const EXPLANATION =
  'Shares of the time of extra batches with V8’s profiler, which count in no statistic. Own code is the module and all that it calls. Serialization is copying, writing and reading messages between workers. Other is Lanewise, Piscina, Node and native code that V8 does not name, such as reading a message of a thread on the event loop. The event-loop utilization (ELU) and GC time are of extra batches without the profiler.';

type Profiled = MeasuredCell & { readonly profile: CellProfile };

function hasProfile(cell: Cell): cell is Profiled {
  return cell.status === 'ok' && cell.profile !== undefined && cell.profile.workers.length > 0;
}

function blocksOf(group: ReportGroup, isOneOfMany: boolean): readonly Block[] {
  const cells = group.cells.filter(hasProfile);
  const main = cells.filter((cell) => cell.id === group.choice?.id || isBaseline(cell, group));
  const inTerminal = group.choice === undefined ? explained(cells, group) : main;
  const sentences =
    group.withheldBy === undefined
      ? explained(cells, group).flatMap((cell) => timeCosts(cell.profile).map((cost) => costSentence(cell, cost)))
      : [];
  const blocks = present<Block>(
    ...only(['terminal'], [tableFor(group.title, inTerminal, FEW)]),
    ...only(['markdown', 'page'], [tableFor(group.title, cells, MANY)]),
    sentences.length > 0 && listOf(sentences),
  );
  return isOneOfMany ? [section(group.title, blocks)] : blocks;
}

/** Workers of a configuration with a row of their own; more of them share one. */
const FEW = 4;
const MANY = 16;

const PARTS = {
  own: 'own code',
  serialization: 'serialization',
  gc: 'GC',
  idle: 'idle',
  other: 'other',
} as const satisfies Record<keyof TimeParts, string>;

const NAMES = Object.keys(PARTS) as (keyof TimeParts)[];

function tableFor(title: string, cells: readonly Profiled[], most: number): Table {
  return {
    kind: 'table',
    label: `Where the time goes: ${title}`,
    columns: [
      { title: 'configuration' },
      { title: 'worker' },
      ...NAMES.map((name) => ({ title: PARTS[name], align: 'right' as const })),
      { title: 'ELU', align: 'right' as const },
      { title: 'GC time', align: 'right' as const },
    ],
    rows: cells.flatMap((cell) =>
      rowsOf(cell, most).map(({ worker, name }, index) => ({
        cells: [configurationName(cell), name, ...sharesOf(worker)].map((text, column) => ({
          text,
          // Once for all of its workers, where rows are read from above.
          ...(index > 0 && column === 0 && { short: '' }),
        })),
      })),
    ),
  };
}

interface NamedWorker {
  readonly worker: MeanWorker;
  readonly name: string;
}

/** The main thread and each worker, or their mean where they are many. */
function rowsOf({ profile: { workers } }: Profiled, most: number): readonly NamedWorker[] {
  const lanes = workers.filter(({ lane }) => lane.kind !== 'main');
  const named = workers.map((worker): NamedWorker => ({ worker, name: laneName(worker.lane) }));
  if (lanes.length <= most) return named;
  const [kind = 'thread'] = lanes.map(({ lane }) => lane.kind);
  return [
    ...named.slice(0, workers.length - lanes.length),
    { worker: meanWorker(lanes), name: `mean of ${lanes.length} ${KINDS[kind]}` },
  ];
}

const KINDS = { main: 'main threads', thread: 'worker threads', process: 'child processes' } as const satisfies Record<
  LaneId['kind'],
  string
>;

function sharesOf({ parts, loopUtilization, gcShare }: NamedWorker['worker']): readonly string[] {
  return [
    ...NAMES.map((name) => orNotMeasured(parts?.[name], wholePercent)),
    orNotMeasured(loopUtilization, ratio),
    orNotMeasured(gcShare, wholePercent),
  ];
}

/** The precision of a thousand samples. */
function wholePercent(share: number): string {
  return share > 0 && share < 0.005 ? '<1%' : `${Math.round(share * 100)}%`;
}

/** The configurations that a verdict is about: the choice, the baseline, and the fastest with each kind of worker. */
function explained(cells: readonly Profiled[], group: ReportGroup): readonly Profiled[] {
  const kinds = cells.map((cell) => traitsOf(cell).laneKind);
  return cells.filter(
    (cell, index) =>
      cell.id === group.choice?.id || isBaseline(cell, group) || kinds.indexOf(traitsOf(cell).laneKind) === index,
  );
}

function costSentence(cell: Profiled, cost: TimeCost): string {
  const name = capital(configurationName(cell));
  const [lose, wait, their] = isMany(cell) ? ['lose', 'wait', 'their'] : ['loses', 'waits', 'its'];
  const isThreads = traitsOf(cell).laneKind === 'thread';
  const isOneThread = traitsOf(cell).laneKind === 'main';
  switch (cost.kind) {
    case 'serialization': {
      const what = isThreads ? 'structured clone' : 'writing and reading messages';
      const remedy = isThreads ? '`transfer`, or smaller inputs and results' : 'smaller inputs and results';
      return cost.on === 'main'
        ? `${name}: the main thread loses ${wholePercent(cost.share)} of its time to ${what}: ${remedy}.`
        : `${name} ${lose} ${wholePercent(cost.share)} of ${their} time to ${what}: ${remedy}.`;
    }
    case 'gc':
      return cost.on === 'main' && !isOneThread
        ? `${name}: the main thread loses ${wholePercent(cost.share)} of its time to garbage collection: fewer or smaller inputs and results.`
        : `${name} ${lose} ${wholePercent(cost.share)} of ${their} time to garbage collection: fewer or smaller objects.`;
    case 'main-busy':
      return `${name} ${wait} ${wholePercent(cost.idle)} of ${their} time, while the main thread is busy for ${wholePercent(cost.busy)} of its: it cannot send more tasks.`;
    case 'waiting':
      return `${name} ${wait} ${wholePercent(cost.share)} of ${their} time: for timers, I/O, or native threads and commands, which a profile does not show.`;
    default:
      return cost satisfies never;
  }
}
