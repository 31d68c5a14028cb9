/** The machines that the workers of a queue are spread over: this one first, then those that have joined the run. */
import type { Nanoseconds, TaskRecord, TaskReply, Usage } from '../../workers/contract.ts';
import { forkChild, type ForkedChild, type ForkSettings } from '../system/forked-child.ts';
import { openMachine, type ClockOffset, type JoinedMachine } from './joined-machine.ts';
import type { MachineSettings } from './strategy.ts';

export interface SpreadLanes {
  /** Starts a worker on the machine of that lane. */
  readonly fork: (settings: ForkSettings, lane: number) => ForkedChild;
  /** Compares the clocks again, since they drift. */
  readonly compareClocks: () => Promise<void>;
  /** Records with all times on the clock of this machine. @param sinceNs when the tasks were dispatched */
  readonly inTimeHere: (records: readonly TaskRecord[], sinceNs: Nanoseconds) => readonly TaskRecord[];
  /** The usage of a lane, which shows whether it used CPUs of this machine. */
  readonly usageOf: (usage: Usage, lane: number) => Usage;
  readonly watch: (isBusy: boolean) => void;
  readonly close: () => void;
}

/** The one with the shortest way counts. */
const FIRST_PINGS = 32;
const LATER_PINGS = 4;

/** @throws MachineLeftError */
export async function spreadLanes(
  { token, others, module }: MachineSettings,
  url: string,
  lanes: number,
): Promise<SpreadLanes> {
  const { openLink } = await import('../queue/machine-link.ts');
  const each = lanes / (others.length + 1);
  // Pings that are not answered show the same.
  const link = await openLink(url, token, () => undefined);
  const machines: JoinedMachine[] = [];
  const offsets: ClockOffset[] = [];

  async function compareClocks(pings: number): Promise<void> {
    // One after the other: pings at once would delay each other.
    for (const [place, machine] of machines.entries()) offsets[place] = await machine.compareClocks(pings);
  }

  /** Place of a lane's machine among those that joined; -1: this one. */
  const placeOf = (lane: number): number => Math.floor(lane / each) - 1;

  try {
    for (const { name } of others) machines.push(await openMachine(name, link, module));
    await compareClocks(FIRST_PINGS);
  } catch (thrown) {
    link.close();
    throw thrown;
  }
  return {
    fork: (settings, lane) => machines[placeOf(lane)]?.fork(settings, lane) ?? forkChild(settings),
    compareClocks: () => compareClocks(LATER_PINGS),
    inTimeHere: (records, sinceNs) => {
      const known = offsets.map(({ offsetNs }, place) =>
        withinCausality(
          offsetNs,
          records.filter(({ reply }) => reply.status === 'ok' && placeOf(reply.lane) === place),
          sinceNs,
        ),
      );
      return records.map((record) => {
        const { reply } = record;
        const offsetNs = reply.status === 'ok' ? known[placeOf(reply.lane)] : undefined;
        return offsetNs === undefined ? record : { ...record, reply: earlierBy(offsetNs, reply) };
      });
    },
    usageOf: (usage, lane) => {
      const other = others[placeOf(lane)];
      return other === undefined || other.sharesCpus ? usage : { ...usage, elsewhereMs: usage.cpuMs };
    },
    watch: (isBusy) => {
      for (const machine of machines) machine.watch(isBusy);
    },
    close: () => {
      for (const machine of machines) machine.close();
      link.close();
    },
  };
}

/**
 * The offset of a clock, moved as little as its tasks require: none starts before it was dispatched, nor ends after its
 * result is here. Tasks that contradict each other leave it, and their order shows it.
 */
function withinCausality(offsetNs: number, records: readonly TaskRecord[], sinceNs: Nanoseconds): number {
  let [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { reply, receivedNs } of records) {
    if (reply.status !== 'ok') continue;
    least = Math.max(least, reply.digestedNs - receivedNs);
    most = Math.min(most, reply.startedNs - sinceNs);
  }
  return least > most ? offsetNs : Math.min(Math.max(offsetNs, least), most);
}

function earlierBy(offsetNs: Nanoseconds, reply: TaskReply): TaskReply {
  if (reply.status !== 'ok') return reply;
  const { startedNs, finishedNs, digestedNs, runs } = reply;
  return {
    ...reply,
    startedNs: startedNs - offsetNs,
    finishedNs: finishedNs - offsetNs,
    digestedNs: digestedNs - offsetNs,
    ...(runs !== undefined && { runs: runs.map(([from, to]) => [from - offsetNs, to - offsetNs] as const) }),
  };
}
