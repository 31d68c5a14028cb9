import type { MeasuredCell, Results } from '../model/results.ts';
import type { BuiltInStrategy } from '../model/strategies.ts';
import type { ReportGroup } from '../stats/groups.ts';
import { busyWorkers } from '../stats/queue-limit.ts';
import { listOf, present, section, type Section } from './document.ts';
import { configurationName } from './names.ts';
import { mebibytes, ms, plural, threeDigits } from './numbers.ts';

const SERVERS = { redis: 'Redis', valkey: 'Valkey', postgres: 'PostgreSQL' } as const;
const BYTES_PER_MIB = 2 ** 20;

/** Costs of the queue, one paragraph for each workload that it ran; undefined: none. */
export function queueCosts(groups: readonly ReportGroup[], { options }: Results): Section | undefined {
  if (options.queue === undefined) return undefined;
  const server = SERVERS[options.queue.server];
  const isSerial = options.queue.server !== 'postgres';
  const texts = groups.flatMap((group) => {
    const shown = group.withheldBy === undefined ? shownOf(group) : undefined;
    if (shown === undefined) return [];
    const own = sentences(shown, group, { server, isSerial });
    return [[...own, ...(options.predict === undefined ? [] : [NOT_PREDICTED])].join(' ')];
  });
  return texts.length === 0 ? undefined : section('What the queue costs', [listOf(texts)]);
}

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

function sentences({ cell, queue }: Queued, group: ReportGroup, on: OnServer): readonly string[] {
  const { cpuMsPerTask, startupMs } = cell.summary;
  const parts = present(
    `producer ${threeDigits(queue.producerMs)}`,
    queue.serverMs !== undefined && `${on.server} ${threeDigits(queue.serverMs)}`,
    `${cell.poolSize === 1 ? 'worker' : 'workers'} ${threeDigits(queue.workersMs)}`,
  );
  return present(
    gapSentence(cell, group),
    `CPU time per task: ${ms(cpuMsPerTask)} (${parts.join(', ')}).`,
    limitSentence(cell, group, on),
    queue.serverStartupMs !== undefined &&
      `${on.server} takes ${ms(queue.serverStartupMs)} of the startup (${ms(startupMs)})${queue.serverMemoryMiB === undefined ? '' : ` and ${mebibytes(queue.serverMemoryMiB * BYTES_PER_MIB)} of memory`}.`,
  );
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
  return `One producer and one server ${many} with tasks of ${ms(taskMs)}, since ${who} then uses a whole CPU: this assumes that its CPU time per task stays as measured with ${plural(cell.poolSize, 'worker')}.`;
}
