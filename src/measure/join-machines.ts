/** The run's side of joining: other machines report themselves, and wait for hosts that start workers on them. */
import { clearInterval, setInterval } from 'node:timers';
import { pause } from '../../workers/clock.ts';
import { afterReading, deferred } from '../../workers/deferred.ts';
import { LanewiseError } from '../model/errors.ts';
import type { JoinedMachine, JoinedMachines, Plan, SentModule } from '../model/plan.ts';
import type { MachineNoise } from '../model/results.ts';
import { openLink, type MachineLink, type Talk } from '../queue/machine-link.ts';
import { DESK, type DeskMessage, type JoinGreeting, type JoinMessage } from '../queue/machine-protocol.ts';
import { newToken } from '../queue/sealed-talk.ts';
import { readVersion, workingFolder } from '../system/surroundings.ts';
import { cpuSet } from './machine-noise.ts';
import { sentModule } from './sent-module.ts';

/** Machines that have joined, until the run is over. */
export interface Joined {
  readonly machines: JoinedMachines;
  readonly close: () => Promise<void>;
}

export interface Joining {
  readonly url: string;
  readonly insecure: boolean | undefined;
  /** Prints what somebody must act on. */
  readonly say: (text: string) => void;
  readonly limitMs?: number;
}

/** Long enough to go to the other machine, install Lanewise and copy the modules. */
const JOIN_LIMIT_MS = 600_000;
const LOOK_EVERY_MS = 2000;
/** One that measures answers at once. */
const ANSWER_MS = 5000;
/** Time for the last messages. */
const GOODBYE_MS = 200;

/** Number of other machines that a plan needs. */
function machinesIn({ groups }: Plan): number {
  return Math.max(0, ...groups.flatMap(({ cells }) => cells.map(({ machines = 0 }) => machines)));
}

/**
 * Prints the command for the other machines, and waits until enough have joined.
 *
 * @throws LanewiseError if they do not within the limit, or the server is lost or not safe
 */
export async function joinMachines(
  plan: Plan,
  { url, insecure, say, limitMs = JOIN_LIMIT_MS }: Joining,
): Promise<Joined> {
  const wanted = machinesIn(plan);
  const modules = modulesIn(plan);
  const token = newToken();
  const over = deferred<void>();
  const link = await openLink(url, token, (error) => over.reject(new LanewiseError('input', `${error.message}.`)));
  const desk = openDesk({ modules: [...modules.values()], wanted, say, onComplete: over.resolve });
  const timer = setTimeout(() => over.reject(nobodyCame(wanted, desk.joined().length, limitMs)), limitMs);
  const looking = setInterval(() => void desk.look(link).catch(() => undefined), LOOK_EVERY_MS);
  try {
    await link.answerTo(DESK, desk.admit);
    say(invitation(url, token, wanted, limitMs, insecure));
    await over.promise;
  } catch (thrown) {
    await desk.dismiss();
    link.close();
    throw thrown;
  } finally {
    clearTimeout(timer);
    clearInterval(looking);
  }
  const machines = desk.joined();
  return {
    machines: {
      token,
      machines,
      moduleOf: (ref) => {
        const module = modules.get(keyOf(ref));
        if (module === undefined) throw new LanewiseError('internal', 'A module was not sent to the other machines.');
        return module;
      },
      readNoise: desk.readNoise,
    },
    close: async () => {
      await desk.dismiss();
      link.close();
    },
  };
}

function keyOf({ url, exportName = '' }: { readonly url: string; readonly exportName?: string }): string {
  return `${url}#${exportName}`;
}

/** @throws LanewiseError for one that cannot be sent */
function modulesIn({ groups }: Plan): ReadonlyMap<string, SentModule> {
  const server = groups.find(({ workload }) => workload.services.length > 0);
  if (server !== undefined)
    throw new LanewiseError(
      'usage',
      `--machines cannot measure ${server.workload.name}: its tasks call a server of this machine.`,
    );
  const refs = groups.flatMap(({ versions }) => versions.map(({ ref }) => ref));
  return new Map(refs.map((ref) => [keyOf(ref), sentModule(ref, workingFolder())]));
}

function nobodyCame(wanted: number, joined: number, limitMs: number): LanewiseError {
  return new LanewiseError(
    'usage',
    `Only ${joined} of ${wanted} other machines joined within ${limitMs / 1000} s: run the printed command there, with an address of the server that they reach.`,
  );
}

function invitation(url: string, token: string, wanted: number, limitMs: number, insecure = false): string {
  const { password } = new URL(url);
  // A password belongs neither on a screen nor on a command line.
  const address = password === '' ? url : '';
  const where = password === '' ? '' : ', with LANEWISE_QUEUE_URL set as here';
  const times = wanted === 1 ? 'another machine' : `${wanted} other machines`;
  return [
    `Run this on ${times}${where} (waiting ${Math.round(limitMs / 60_000)} min, Ctrl-C ends):`,
    `  npx lanewise worker --join '${address}#${token}'${insecure ? ' --insecure' : ''}`,
  ].join('\n');
}

interface DeskSettings extends Pick<Joining, 'say'> {
  readonly modules: readonly SentModule[];
  readonly wanted: number;
  readonly onComplete: () => void;
}

interface Guest extends JoinedMachine {
  readonly talk: Talk;
  isReady: boolean;
  /** Hears what it is asked for. */
  onNoise: (noise: Omit<MachineNoise, 'name'>) => void;
}

/** @returns undefined if it does not answer, which its workers will show, too */
async function noiseOf(guest: Guest): Promise<MachineNoise | undefined> {
  const heard = deferred<MachineNoise | undefined>();
  guest.onNoise = (noise) => heard.resolve({ name: guest.name, ...noise });
  // An interrupted run does not wait for it.
  const silent = afterReading(ANSWER_MS, () => heard.resolve(undefined));
  silent.unref();
  try {
    guest.talk.send({ kind: 'noise' } satisfies DeskMessage).catch(() => heard.resolve(undefined));
    return await heard.promise;
  } finally {
    silent.clear();
  }
}

/** Machines after this one, which is a. */
const NAMES = 'b c d e f g h i j k l m n o p q r s t u v w x y z'.split(' ');

function openDesk({ modules, wanted, say, onComplete }: DeskSettings) {
  const guests: Guest[] = [];
  /** In the order of their names, of which some may have been given again. */
  const ready = (): readonly Guest[] =>
    guests.filter(({ isReady }) => isReady).toSorted((a, b) => (a.name < b.name ? -1 : 1));

  function remove(guest: Guest): void {
    guests.splice(guests.indexOf(guest), 1);
    guest.talk.end();
  }

  function admit(talk: Talk, greeting: unknown): (message: unknown) => void {
    // Only whoever has the token can have sent it.
    const { lanewise, node, platform, arch, cpus, cpuSet: theirs } = greeting as JoinGreeting;
    const send = (message: DeskMessage): void => void talk.send(message).catch(() => undefined);
    const why = guests.length >= wanted ? 'the run has all the machines that it needs' : mismatch(lanewise, node);
    if (why !== undefined) {
      say(`Refused a machine: ${why}.`);
      send({ kind: 'refused', why });
      talk.end();
      return () => undefined;
    }
    const name = NAMES.find((one) => guests.every((guest) => guest.name !== one)) ?? '';
    const isHere = theirs !== undefined && theirs === cpuSet();
    const machine: JoinedMachine = { name, node, platform, arch, cpus, ...(isHere && { sharesCpus: true }) };
    const guest: Guest = { ...machine, talk, isReady: false, onNoise: () => undefined };
    guests.push(guest);
    send({ kind: 'modules', modules, name });
    return (message) => {
      const answer = message as JoinMessage;
      if (answer.kind === 'noise') return guest.onNoise(answer.noise);
      if (answer.kind === 'cannot') {
        say(`Refused a machine: ${answer.why}`);
        return remove(guest);
      }
      guest.isReady = true;
      const missing = wanted - ready().length;
      say(
        `Machine ${name} joined: Node ${node}, ${platform} ${arch}, ${cpus} CPUs${isHere ? ', the same as here' : ''}.${missing > 0 ? ` ${missing} to come.` : ''}`,
      );
      if (missing === 0) onComplete();
    };
  }

  return {
    admit,
    joined: () => ready().map(({ talk: _talk, isReady: _isReady, onNoise: _onNoise, ...machine }) => machine),
    readNoise: async (machines: number): Promise<readonly MachineNoise[]> => {
      const asked = ready()
        .slice(0, machines)
        .filter(({ sharesCpus }) => sharesCpus !== true);
      const noises = await Promise.all(asked.map(noiseOf));
      return noises.filter((noise) => noise !== undefined);
    },
    /** Forgets machines that have gone. */
    look: async (link: MachineLink): Promise<void> => {
      const asked = [...guests];
      const areThere = asked.length === 0 ? [] : await link.areThere(asked.map(({ talk }) => talk));
      for (const [place, guest] of asked.entries()) {
        if (areThere[place] !== false) continue;
        say(`Machine ${guest.name} left again.`);
        remove(guest);
      }
    },
    dismiss: async (): Promise<void> => {
      const goodbyes = guests.map(({ talk }) => talk.send({ kind: 'over' } satisfies DeskMessage));
      await Promise.race([Promise.allSettled(goodbyes), pause(GOODBYE_MS)]);
    },
  };
}

/** Why a machine may not join. */
function mismatch(lanewise: string, node: string): string | undefined {
  const [own, major] = [readVersion(), majorOf(process.version)];
  if (lanewise !== own) return `it has Lanewise ${lanewise}, and the run has ${own}`;
  if (majorOf(node) !== major) return `it has Node ${node}, and the run has ${process.version}`;
  return undefined;
}

function majorOf(version: string): string {
  return version.split('.')[0] ?? '';
}
