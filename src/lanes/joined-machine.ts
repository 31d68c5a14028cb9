/** Another machine that has joined the run: it starts workers of the queue, and its clock is compared with this one. */
import { clearInterval, setInterval } from 'node:timers';
import { nowNs } from '../../workers/clock.ts';
import type { ChildRequest } from '../../workers/child-tasks.ts';
import type { Nanoseconds } from '../../workers/contract.ts';
import { afterReading, deferred, type Deferred } from '../../workers/deferred.ts';
import type { QueueAccess } from '../../workers/queue-access.ts';
import type { MachineLink, Talk } from '../queue/machine-link.ts';
import type { SentModule } from '../model/plan.ts';
import type { MachineReply, MachineRequest } from '../queue/machine-protocol.ts';
import type { ForkedChild, ForkSettings } from '../system/forked-child.ts';
import { MachineLeftError } from './lane-ended-error.ts';

export interface JoinedMachine {
  /** Starts a worker there, in place of a process here. */
  readonly fork: (settings: ForkSettings, lane: number) => ForkedChild;
  /** Compares the clocks by pings. @returns the time there minus the time here, and how far off that may be */
  readonly compareClocks: (pings: number) => Promise<ClockOffset>;
  /** While tasks run, whether it is still there. */
  readonly watch: (isBusy: boolean) => void;
  readonly close: () => void;
}

export interface ClockOffset {
  readonly offsetNs: Nanoseconds;
  /** Half of the shortest ping: the way there may have taken all of it, or nothing. */
  readonly maximumErrorNs: Nanoseconds;
}

/** A machine in use answers within this time, or has left. */
const SILENCE_MS = 5000;
const PING_EVERY_MS = 1000;

/** @throws MachineLeftError if it does not answer */
export async function openMachine(name: string, link: MachineLink, module: SentModule): Promise<JoinedMachine> {
  const children = new Map<number, ForkSettings>();
  const exits = new Map<number, Deferred<void>>();
  const pings = new Map<number, Deferred<Nanoseconds>>();
  let left: MachineLeftError | undefined;
  let lastPing = 0;
  let watching: ReturnType<typeof setInterval> | undefined;

  function leave(): void {
    if (left !== undefined) return;
    left = new MachineLeftError(name);
    clearInterval(watching);
    for (const { reject } of pings.values()) reject(left);
    for (const settings of children.values()) settings.onError(left);
    for (const { resolve } of exits.values()) resolve();
  }

  function hear(message: MachineReply): void {
    switch (message.kind) {
      case 'pong':
        pings.get(message.id)?.resolve(message.ns);
        break;
      case 'said':
        children.get(message.lane)?.onMessage(message.message);
        break;
      case 'failed':
        children.get(message.lane)?.onError(new Error(message.why));
        break;
      case 'exited':
        children.get(message.lane)?.onExit(message.code, message.signal);
        exits.get(message.lane)?.resolve();
        break;
      default:
        message satisfies never;
    }
  }

  const talk: Talk = await link
    // Only whoever has the token can have sent it.
    .call(name, {}, (message) => hear(message as MachineReply))
    .catch(() => {
      throw new MachineLeftError(name);
    });
  const send = (request: MachineRequest): void => void talk.send(request).catch(leave);

  async function ping(): Promise<ClockOffset> {
    if (left !== undefined) throw left;
    const id = lastPing++;
    const pong = deferred<Nanoseconds>();
    pings.set(id, pong);
    const silent = afterReading(SILENCE_MS, leave);
    const sentNs = nowNs();
    send({ kind: 'ping', id });
    try {
      const thereNs = await pong.promise;
      const roundNs = nowNs() - sentNs;
      return { offsetNs: thereNs - (sentNs + roundNs / 2), maximumErrorNs: roundNs / 2 };
    } finally {
      silent.clear();
      pings.delete(id);
    }
  }

  return {
    fork: (settings, lane) => {
      const exit = deferred<void>();
      children.set(lane, settings);
      exits.set(lane, exit);
      return {
        pid: 0,
        send: (message) => send(requestFor(message as ChildRequest, lane, module)),
        end: () => {
          if (left !== undefined) return Promise.resolve();
          send({ kind: 'end', lane });
          return exit.promise;
        },
        kill: () => send({ kind: 'kill', lane }),
        unref: () => undefined,
      };
    },
    compareClocks: async (times) => {
      let best = await ping();
      for (let time = 1; time < times; time++) {
        const next = await ping();
        if (next.maximumErrorNs < best.maximumErrorNs) best = next;
      }
      return best;
    },
    watch: (isBusy) => {
      clearInterval(watching);
      if (isBusy && left === undefined)
        watching = setInterval(() => void ping().catch(() => undefined), PING_EVERY_MS).unref();
    },
    close: () => {
      clearInterval(watching);
      talk.end();
    },
  };
}

/** The request without what only this machine knows: the address of the queue, paths, services. */
function requestFor(request: ChildRequest, lane: number, module: SentModule): MachineRequest {
  if (!('kind' in request)) throw new TypeError('a worker of another machine gets its tasks from the queue');
  switch (request.kind) {
    case 'open': {
      const { params, cell, concurrency } = request.assignment;
      if (request.queue === undefined) throw new TypeError('a worker of another machine needs a queue');
      return { kind: 'open', lane: request.lane, cell, params, concurrency, module, queue: withoutUrl(request.queue) };
    }
    case 'usage':
    case 'close':
      return { kind: 'ask', lane, what: request.kind };
    case 'activity':
      return { kind: 'ask', lane, what: request.kind, notesResults: request.notesResults };
    default:
      throw new TypeError(`a worker of another machine does not serve requests: ${request.kind}`);
  }
}

function withoutUrl({ kind, name, lockMs }: QueueAccess): Omit<QueueAccess, 'url'> {
  return { kind, name, lockMs };
}
