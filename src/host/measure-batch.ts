import type { BatchStrategy } from '../lanes/strategy.ts';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import type { TaskRecord, Usage } from '../../workers/contract.ts';
import { commandTimes, NO_COMMANDS } from '../../workers/commands.ts';
import type { MeasuredBatch, MeasuredQueue } from '../stats/sample.ts';
import { watchLoopDelay } from './loop-delay.ts';
import { NO_USAGE, ownUsage, sumUsage, threadCpuMs, usageSince, withCommands } from '../../workers/usage.ts';

export interface Meter {
  /**
   * Runs a batch, or other tasks, between two readings of the counters, which are outside the timed window. The window
   * ends when `work` calls `whenDone`, or with it. `atEnd` is called after that.
   */
  readonly measure: <Records = readonly TaskRecord[]>(
    work: (whenDone: () => void) => Promise<Records>,
    atEnd?: () => Promise<void>,
  ) => Promise<MeasuredBatch<Records>>;
  /** Reads the counters of the lanes after an unmeasured batch. */
  readonly settle: () => Promise<void>;
}

/**
 * Lanes in other processes report their usage after a batch, never just before one: that would wake them up, unlike
 * threads that have been waiting for their turn. Between two batches they use nothing.
 */
export function createMeter(strategy: BatchStrategy, clocks: Clocks = CLOCKS): Meter {
  let lanesBefore: Usage | undefined;
  // If lanes are processes, the host's children are the lanes, which report their commands themselves.
  const commands = strategy.laneKind === 'process' ? () => NO_COMMANDS : commandTimes;

  // Reading a server wakes up none of its workers.
  const readServer = async (): Promise<Usage | undefined> => strategy.server?.usage();

  const readEnd = () => ({ ...readAfter(clocks), commandsAfter: commands(), serverRead: readServer() });
  /** The least that reading the clocks took so far. */
  let reading = { cpuMs: Infinity, systemMs: Infinity, mainMs: Infinity };

  return {
    settle: async () => {
      lanesBefore = await strategy.usage();
    },
    measure: async (work, atEnd) => {
      lanesBefore ??= await strategy.usage();
      const serverBefore = await readServer();
      const commandsBefore = commands();
      for (let time = 0; time < READINGS; time++) reading = lesser(reading, timeReading(clocks));
      const monitor = watchLoopDelay();
      const { hostBefore, mainBeforeMs, startNs: batchStartNs } = readBefore(clocks);
      let end: ReturnType<typeof readEnd> | undefined;
      const records = await work(() => {
        end = readEnd();
      });
      const { endNs, hostAfter, mainAfterMs, commandsAfter, serverRead } = end ?? readEnd();
      const serverAfter = await serverRead;
      await atEnd?.();
      const lanesAfter = await strategy.usage();
      const server =
        serverBefore === undefined || serverAfter === undefined ? undefined : usageSince(serverBefore, serverAfter);
      const host = without(
        usageSince(withCommands(hostBefore, commandsBefore), withCommands(hostAfter, commandsAfter)),
        reading,
      );
      const usage = sumUsage([host, usageSince(lanesBefore, lanesAfter), server ?? NO_USAGE]);
      lanesBefore = lanesAfter;
      const mainMs = since(mainBeforeMs, mainAfterMs, reading.mainMs);
      const wallMs = (endNs - batchStartNs) / NS_PER_MS;
      const queue: MeasuredQueue | undefined = strategy.server && { hostMs: host.cpuMs, serverMs: server?.cpuMs };
      return { wallMs, batchStartNs, usage, mainMs, queue, loopDelaysMs: monitor.stop(), records };
    },
  };
}

/** Clocks of CPU time: of this process, and of its main thread. */
export interface Clocks {
  readonly ownUsage: () => Usage;
  readonly threadCpuMs: () => number | undefined;
}

const CLOCKS: Clocks = { ownUsage, threadCpuMs };

function readBefore({ ownUsage: read, threadCpuMs: readMain }: Clocks) {
  return { hostBefore: read(), mainBeforeMs: readMain(), startNs: nowNs() };
}

function readAfter({ ownUsage: read, threadCpuMs: readMain }: Clocks) {
  return { endNs: nowNs(), hostAfter: read(), mainAfterMs: readMain() };
}

/** Before each batch: the first one takes longer. */
const READINGS = 3;

/** CPU time of reading the clocks, ms: in a batch of some tens of microseconds, more than that of the tasks. */
type Reading = Readonly<Record<'cpuMs' | 'systemMs' | 'mainMs', number>>;

function timeReading(clocks: Clocks): Reading {
  const { hostBefore, mainBeforeMs } = readBefore(clocks);
  const { hostAfter, mainAfterMs } = readAfter(clocks);
  const { cpuMs, systemMs } = usageSince(hostBefore, hostAfter);
  return { cpuMs, systemMs, mainMs: since(mainBeforeMs, mainAfterMs, 0) ?? 0 };
}

function lesser(one: Reading, other: Reading): Reading {
  return {
    cpuMs: Math.min(one.cpuMs, other.cpuMs),
    systemMs: Math.min(one.systemMs, other.systemMs),
    mainMs: Math.min(one.mainMs, other.mainMs),
  };
}

function without(usage: Usage, { cpuMs, systemMs }: Reading): Usage {
  const leftMs = Math.max(0, usage.cpuMs - cpuMs);
  return { ...usage, cpuMs: leftMs, systemMs: Math.min(leftMs, Math.max(0, usage.systemMs - systemMs)) };
}

function since(beforeMs: number | undefined, afterMs: number | undefined, readingMs: number): number | undefined {
  return beforeMs === undefined || afterMs === undefined ? undefined : Math.max(0, afterMs - beforeMs - readingMs);
}
