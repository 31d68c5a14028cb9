/** What only a tuning can be asked, on the command line and in the API. */
import { LARGEST_POOL } from '../model/asked-strategy.ts';
import type { TuningGoal } from '../model/results.ts';
import { anyText, oneOf, count, fraction, memory, rows, type Options } from './option.ts';
import { configuration, uvThreadSizes } from './work-kinds.ts';

const GOALS = ['throughput', 'latency', 'responsiveness', 'memory'] as const satisfies readonly TuningGoal['for'][];

const aim = rows('What to look for:', 'code');

export const TUNING = {
  /** A name, or the path of a module. */
  workload: rows('What to look for:', 'code', 'needed')(
    anyText,
    { tune: ['name or module path'] },
    { isPositional: true },
  ),
  /** Default: `'throughput'`. */
  for: aim(oneOf(GOALS), { tune: ['throughput, latency, responsiveness or memory', 'throughput'] }, { isCommon: true }),
  /** The present setting, to be measured beside the finalists. */
  current: aim(
    configuration,
    {
      tune: ['your present configuration, as worker-threads@8x1'],
    },
    { isCommon: true },
  ),
  /** For all but throughput: at least such a share of the best throughput, as a fraction. Default: 0.9. */
  minThroughput: aim(fraction('90%'), { tune: ['share of the best throughput to keep', '90%'] }, { isCommon: true }),
  /** Of the process and its children. Default: no limit. */
  maxMemoryMiB: aim(
    memory,
    { tune: ['memory limit, as 512MiB or 2GiB', 'none'] },
    { flag: 'max-memory', isCommon: true },
  ),
  /** Lanes. Default: 2 for each core, where tasks wait 4, at most 32. */
  maxPoolSize: aim(
    count(1, LARGEST_POOL),
    { tune: ['largest pool to try', '2 per core; if tasks wait 4'] },
    { isCommon: true },
  ),
  /** Sizes of libuv’s own pool to try. */
  uvThreads: aim(uvThreadSizes, {
    tune: ['numbers of libuv threads to try: 4,16', 'UV_THREADPOOL_SIZE, or Node’s 4; on the event loop also 16'],
  }),
} satisfies Options;
