/** The side of a machine that joins a run: it starts workers for the run's hosts, and ends with the run. */
import { clearInterval, setInterval } from 'node:timers';
import type { ChildReply, ChildRequest } from '../../workers/child-tasks.ts';
import { nowNs } from '../../workers/clock.ts';
import { deferred } from '../../workers/deferred.ts';
import { LanewiseError } from '../model/errors.ts';
import { GoneError, openLink, type MachineLink, type Talk } from '../queue/machine-link.ts';
import { DESK, type DeskMessage, type JoinGreeting, type JoinMessage } from '../queue/machine-protocol.ts';
import type { MachineReply, MachineRequest } from '../queue/machine-protocol.ts';
import { forkChild, type ForkedChild } from '../system/forked-child.ts';
import { readVersion, sourceOfUrl } from '../system/surroundings.ts';
import { findCgroups } from './cgroup.ts';
import { usableCpus } from './environment.ts';
import { cpuSet, createMachineWatch } from './machine-noise.ts';
import { checkSafe } from './safe-server.ts';
import { ownCopyOf } from './sent-module.ts';

export interface WorkerMachine {
  /** Address of the server that it shares with the run. */
  readonly url: string;
  readonly token: string;
  readonly insecure: boolean | undefined;
  /** Only modules below it are run, beside Lanewise's own. */
  readonly folder: string;
  readonly say: (text: string) => void;
}

/** So often it looks whether the run and its hosts are still there. */
const LOOK_EVERY_MS = 2000;

/**
 * Joins a run and serves it until it is over.
 *
 * @throws LanewiseError if it is refused, or the run or the server is lost
 */
export async function serveRun({ url, token, insecure, folder, say }: WorkerMachine): Promise<void> {
  checkSafe(url, '--join', insecure);
  const over = deferred<void>();
  over.promise.catch(() => undefined);
  const hosts = new Set<ServedHost>();
  const desk = deferred<Talk>();
  const readNoise = createMachineWatch();
  const send = async (message: JoinMessage): Promise<void> => (await desk.promise).send(message);
  const link = await openLink(url, token, () => over.reject(lost('the server of the queue'))).catch(async () => {
    // Says why, if the server does.
    await (await import('../queue/examine-server.ts')).examine(url, '--join');
    const source = sourceOfUrl(url, '--join');
    throw new LanewiseError('input', `Cannot reach the server of ${source}: is it running, and is the address right?`);
  });
  const looking = setInterval(
    () => void look().catch(() => over.reject(lost('the server of the queue'))),
    LOOK_EVERY_MS,
  );

  async function look(): Promise<void> {
    const asked = [...hosts];
    const [isDeskThere, ...areThere] = await link.areThere([DESK, ...asked.map(({ talk }) => talk)]);
    if (isDeskThere !== true) over.reject(lost('the run'));
    for (const [place, host] of asked.entries()) if (areThere[place] !== true) host.end();
  }

  async function serve(name: string): Promise<void> {
    await link.answerTo(name, (talk) => {
      const host = servedHost({ talk, url, folder }, () => hosts.delete(host));
      hosts.add(host);
      return host.hear;
    });
  }

  async function hear(message: DeskMessage): Promise<void> {
    if (message.kind === 'over') return over.resolve();
    if (message.kind === 'noise') return send({ kind: 'noise', noise: readNoise() });
    if (message.kind === 'refused') throw new LanewiseError('usage', `The run refused this machine: ${message.why}.`);
    try {
      for (const module of message.modules) ownCopyOf(module, folder);
    } catch (thrown) {
      if (thrown instanceof LanewiseError) await send({ kind: 'cannot', why: thrown.message });
      throw thrown;
    }
    await serve(message.name);
    await send({ kind: 'ready' });
    say(`Joined as machine ${message.name}. Its workers start and end with the run; Ctrl-C leaves it.`);
  }

  try {
    desk.resolve(await callDesk(link, (message) => void hear(message).catch(over.reject)));
    await over.promise;
    say('The run is over.');
  } finally {
    clearInterval(looking);
    for (const host of hosts) host.end();
    link.close();
  }
}

function callDesk(link: MachineLink, hear: (message: DeskMessage) => void): Promise<Talk> {
  const cpus = cpuSet();
  const greeting: JoinGreeting = {
    ...(cpus !== undefined && { cpuSet: cpus }),
    lanewise: readVersion(),
    node: process.version,
    platform: process.platform,
    arch: process.arch,
    cpus: usableCpus(findCgroups()),
  };
  return link
    .call(DESK, greeting, (message) => hear(message as DeskMessage))
    .catch((thrown: unknown) => {
      if (!(thrown instanceof GoneError)) throw thrown;
      throw new LanewiseError(
        'usage',
        'No run waits for this machine: paste the line that the run prints, while it waits.',
      );
    });
}

function lost(what: string): LanewiseError {
  return new LanewiseError('interrupted', `The connection to ${what} was lost, and this machine has left.`);
}

/** A host of the run, and its workers on this machine. */
interface ServedHost {
  readonly talk: Talk;
  readonly hear: (message: unknown) => void;
  /** Ends its workers. */
  readonly end: () => void;
}

interface HostTalk extends Pick<WorkerMachine, 'url' | 'folder'> {
  readonly talk: Talk;
}

function servedHost({ talk, url, folder }: HostTalk, onEnded: () => void): ServedHost {
  const children = new Map<number, ForkedChild>();
  let isEnded = false;

  function end(): void {
    if (isEnded) return;
    isEnded = true;
    talk.end();
    for (const child of children.values()) child.kill();
    onEnded();
  }

  // A host that has gone needs no workers.
  const send = (reply: MachineReply): void => void talk.send(reply).catch(end);

  function open({ lane, cell, module, params, concurrency, queue }: Extract<MachineRequest, { kind: 'open' }>): void {
    const { index } = lane;
    let workload;
    try {
      workload = ownCopyOf(module, folder);
    } catch (thrown) {
      return send({ kind: 'failed', lane: index, why: thrown instanceof Error ? thrown.message : String(thrown) });
    }
    const child = forkChild({
      file: 'child.cjs',
      leadsGroup: true,
      onMessage: (message) => send({ kind: 'said', lane: index, message: message as ChildReply }),
      onError: ({ message }) => send({ kind: 'failed', lane: index, why: message }),
      onExit: (code, signal) => send({ kind: 'exited', lane: index, code, signal }),
    });
    children.set(index, child);
    const assignment = { workload, params, cell, concurrency, services: {} };
    child.send({ kind: 'open', lane, assignment, queue: { ...queue, url } } satisfies ChildRequest);
  }

  /** Makes the request of a lane field by field: one that is passed on as it is could open it with code from elsewhere. */
  function ask(request: Extract<MachineRequest, { kind: 'ask' }>): void {
    const child = children.get(request.lane);
    switch (request.what) {
      case 'activity':
        return child?.send({ kind: 'activity', notesResults: request.notesResults } satisfies ChildRequest);
      case 'usage':
      case 'close':
        return child?.send({ kind: request.what } satisfies ChildRequest);
      default:
        return request satisfies never;
    }
  }

  function hear(request: MachineRequest): void {
    switch (request.kind) {
      case 'open':
        return open(request);
      case 'ask':
        return ask(request);
      case 'end':
        return void children.get(request.lane)?.end();
      case 'kill':
        return children.get(request.lane)?.kill();
      case 'ping':
        return send({ kind: 'pong', id: request.id, ns: nowNs() });
      default:
        return request satisfies never;
    }
  }

  // Only whoever has the token can have sent it.
  return { talk, hear: (message) => hear(message as MachineRequest), end };
}
