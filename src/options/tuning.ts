/** Options of `tune` only, on the command line and in the API. */
import { LARGEST_POOL } from '../model/asked-strategy.ts';
import type { TuningGoal } from '../model/results.ts';
import { anyText, oneOf, count, fraction, rows, type Options } from './option.ts';
import { memory } from './quantity.ts';
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
  /** Goal. Default: `'throughput'`. */
  for: aim(oneOf(GOALS), { tune: ['throughput, latency, responsiveness or memory', 'throughput'] }, { isCommon: true }),
  /** Your present configuration, to measure beside the finalists. */
  current: aim(
    configuration,
    {
      tune: ['your present configuration, as worker-threads@8x1'],
    },
    { isCommon: true },
  ),
  /** Fraction of the best throughput to keep, for all goals but throughput. Default: 0.9. */
  minThroughput: aim(fraction('90%'), { tune: ['share of the best throughput to keep', '90%'] }, { isCommon: true }),
  /** Memory limit of the process and its children. Default: none. */
  maxMemoryMiB: aim(
    memory,
    { tune: ['memory limit, as 512MiB or 2GiB', 'none'] },
    { flag: 'max-memory', isCommon: true },
  ),
  /** Largest candidate pool. Default: 2 workers per core, 4 if tasks wait, at most 32. */
  maxPoolSize: aim(
    count(1, LARGEST_POOL),
    { tune: ['largest candidate pool', '2 per core; 4 if tasks wait'] },
    { isCommon: true },
  ),
  /** Candidate sizes of libuv’s pool. */
  uvThreads: aim(uvThreadSizes, {
    tune: ['candidate numbers of libuv threads: 4,16', 'UV_THREADPOOL_SIZE, or Node’s 4; on the event loop also 16'],
  }),
} satisfies Options;
