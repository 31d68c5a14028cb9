import type { MeasuredCell, Results } from '../model/results.ts';
import { QUEUE_SERVERS, type BuiltInStrategy } from '../model/strategies.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { median } from '../stats/quantile.ts';
import { busyWorkers } from '../stats/queue-limit.ts';
import { listOf, note, present, section, type Block, type Section } from './document.ts';
import { configurationName } from './names.ts';
import { mebibytes, ms, plural, threeDigits } from './numbers.ts';

const BYTES_PER_MIB = 2 ** 20;

/** Costs of the queue, one paragraph for each workload that it ran; undefined: none. */
export function queueCosts(groups: readonly ReportGroup[], { options }: Results): Section | undefined {
  if (options.queue === undefined) return undefined;
  const server = QUEUE_SERVERS[options.queue.server];
  const isSerial = options.queue.server !== 'postgres';
  const shown = groups.flatMap((group) => {
    const one = group.withheldBy === undefined ? shownOf(group) : undefined;
    return one === undefined ? [] : [{ group, ...one }];
  });
  if (shown.length === 0) return undefined;
  const limits = shown.map(({ cell, group }) => limitSentence(cell, group, { server, isSerial }));
  const items = shown.map(({ cell, queue, group }, index) =>
    present(gapSentence(cell, group), cpuSentence(cell, queue, server), limits[index]).join(' '),
  );
  const notes = present(
    limits.some((limit) => limit !== undefined) && CALCULATED,
    serverSentence(shown, server),
    options.predict !== undefined && NOT_PREDICTED,
  );
  return section('What the queue costs', present<Block>(listOf(items), notes.length > 0 && note(notes.join(' '))));
}

const CALCULATED =
  'The most workers are calculated, not measured: they assume a CPU for each part, and that its CPU time per task stays as it was. A busier producer took less where that was measured (docs/queue.md), so for long tasks the number is rather too low.';
/** With `--predict`. */
const NOT_PREDICTED =
  'Other numbers of workers are not predicted: the model has no server, whose time all workers share.';

interface OnServer {
  /** Its name. */
  readonly server: string;
  /** Whether one thread of it carries out all commands. */
  readonly isSerial: boolean;
}

interface Queued {
  readonly cell: MeasuredCell;
  readonly queue: NonNullable<MeasuredCell['summary']['queue']>;
}

/** The fastest one with one task at a time in each worker; else the fastest. */
function shownOf({ cells }: ReportGroup): Queued | undefined {
  const queued = cells.flatMap((cell): Queued[] =>
    cell.status === 'ok' && cell.twin === undefined && cell.summary.queue !== undefined
      ? [{ cell, queue: cell.summary.queue }]
      : [],
  );
  return queued.find(({ cell }) => cell.concurrency === 1) ?? queued[0];
}

function cpuSentence({ poolSize, summary }: MeasuredCell, queue: Queued['queue'], server: string): string {
  const parts = present(
    `producer ${threeDigits(queue.producerMs)}`,
    queue.serverMs !== undefined && `${server} ${threeDigits(queue.serverMs)}`,
    `${poolSize === 1 ? 'worker' : 'workers'} ${threeDigits(queue.workersMs)}`,
  );
  return `CPU time per task: ${ms(summary.cpuMsPerTask)} (${parts.join(', ')}).`;
}

/** Memory and start of Lanewise's own server, which hardly depend on the work. */
function serverSentence(shown: readonly Queued[], server: string): string | undefined {
  const starts = shown.flatMap(({ queue }) => queue.serverStartupMs ?? []);
  const memory = shown.flatMap(({ queue }) => queue.serverMemoryMiB ?? []);
  if (starts.length === 0) return undefined;
  const size =
    memory.length === 0 ? '' : ` and takes up to ${mebibytes(Math.max(...memory) * BYTES_PER_MIB)} of memory`;
  return `${server} starts in ${ms(median(starts))}${size}.`;
}

/** The pool without a queue that is most like it. */
const BESIDE = 'child-processes' satisfies BuiltInStrategy;

function gapSentence(cell: MeasuredCell, { title, cells }: ReportGroup): string | undefined {
  const { gapMs } = cell.summary;
  if (gapMs === undefined) return undefined;
  const beside = cells.find(
    ({ status, strategy, poolSize, concurrency }) =>
      status === 'ok' && strategy === BESIDE && poolSize === cell.poolSize && concurrency === cell.concurrency,
  );
  const besideMs = beside?.status === 'ok' ? beside.summary.gapMs : undefined;
  const compared = beside && besideMs !== undefined && `; with ${configurationName(beside)}, ${ms(besideMs)}`;
  return `${title}: with ${configurationName(cell)}, a worker waits ${ms(gapMs)} between two tasks on average${compared || ''}.`;
}

function limitSentence(
  cell: MeasuredCell,
  { workload }: ReportGroup,
  { server, isSerial }: OnServer,
): string | undefined {
  const limit = busyWorkers(cell, workload.tasks, isSerial);
  if (limit === undefined) return undefined;
  const { workers, taskMs, by } = limit;
  const many =
    workers < 1 ? 'cannot keep one worker busy' : `can keep at most ${plural(Math.floor(workers), 'worker')} busy`;
  const who = by === 'producer' ? 'the main thread of the producer' : server;
  return `At that, one producer and one server ${many} with tasks of ${ms(taskMs)}: ${who} then uses a whole CPU.`;
}
