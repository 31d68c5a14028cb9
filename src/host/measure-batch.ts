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
export function createMeter(strategy: BatchStrategy): Meter {
  let lanesBefore: Usage | undefined;
  // If lanes are processes, the host's children are the lanes, which report their commands themselves.
  const commands = strategy.laneKind === 'process' ? () => NO_COMMANDS : commandTimes;

  // Reading a server wakes up none of its workers.
  const readServer = async (): Promise<Usage | undefined> => strategy.server?.usage();

  const readEnd = () => ({
    endNs: nowNs(),
    hostAfter: ownUsage(),
    mainAfterMs: threadCpuMs(),
    commandsAfter: commands(),
    serverRead: readServer(),
  });

  return {
    settle: async () => {
      lanesBefore = await strategy.usage();
    },
    measure: async (work, atEnd) => {
      lanesBefore ??= await strategy.usage();
      const serverBefore = await readServer();
      const commandsBefore = commands();
      const monitor = watchLoopDelay();
      const hostBefore = withCommands(ownUsage(), commandsBefore);
      const mainBeforeMs = threadCpuMs();
      const batchStartNs = nowNs();
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
      const host = usageSince(hostBefore, withCommands(hostAfter, commandsAfter));
      const usage = sumUsage([host, usageSince(lanesBefore, lanesAfter), server ?? NO_USAGE]);
      lanesBefore = lanesAfter;
      const mainMs = mainBeforeMs === undefined || mainAfterMs === undefined ? undefined : mainAfterMs - mainBeforeMs;
      const wallMs = (endNs - batchStartNs) / NS_PER_MS;
      const queue: MeasuredQueue | undefined = strategy.server && { hostMs: host.cpuMs, serverMs: server?.cpuMs };
      return { wallMs, batchStartNs, usage, mainMs, queue, loopDelaysMs: monitor.stop(), records };
    },
  };
}
