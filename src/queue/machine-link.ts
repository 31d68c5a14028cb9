/** Talks between machines over the server of a queue, which both sides reach anyway: by `PUBLISH` and `SUBSCRIBE`. */
import { afterReading, deferred } from '../../workers/deferred.ts';
import { requireClient } from './client-package.ts';
import { answerTalk, beginTalk, parseSealed, roomOf, type SealedTalk } from './sealed-talk.ts';

/** The way to everybody who has the token. */
export interface MachineLink {
  /**
   * Begins a talk with whoever answers to a name, and sends a first message.
   *
   * @throws GoneError if nobody does
   */
  readonly call: (name: string, greeting: object, listener: TalkListener) => Promise<Talk>;
  /** Answers to a name from now on. */
  readonly answerTo: (name: string, onTalk: (talk: Talk, greeting: unknown) => TalkListener) => Promise<void>;
  /** Whether the other parties of these talks, and whoever has these names, are still connected to the server. */
  readonly areThere: (talksAndNames: readonly (Talk | string)[]) => Promise<readonly boolean[]>;
  readonly close: () => void;
}

export interface Talk {
  /** Sends a message; the other party gets all of them in order. @throws GoneError if it is not connected any more */
  readonly send: (message: object) => Promise<void>;
  /** Receives no more. */
  readonly end: () => void;
  /** Channel on which the other party hears this one. */
  readonly channel: string;
}

/** Receives the messages of a talk. */
type TalkListener = (message: unknown) => void;

/** The other party is not connected to the server any more. */
export class GoneError extends Error {
  override readonly name = 'GoneError';
}

/** Commands of a server that is there are answered at once. */
const ANSWER_MS = 5000;

/** @param onLost called once if the connection to the server is lost */
export async function openLink(url: string, token: string, onLost: (error: Error) => void): Promise<MachineLink> {
  const { Redis } = requireClient('ioredis');
  const options = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, connectTimeout: ANSWER_MS };
  // One that is subscribed can do nothing else.
  const [speaking, hearing] = [
    new Redis(url, { ...options, commandTimeout: ANSWER_MS }),
    new Redis(url, { ...options, commandTimeout: ANSWER_MS }),
  ];
  let isOver = false;
  for (const client of [speaking, hearing]) {
    // Its message may contain the address.
    client.on('error', () => undefined);
    client.on('close', () => {
      if (isOver) return;
      isOver = true;
      onLost(new Error('the connection to the server of the queue was lost'));
    });
  }
  const room = roomOf(token);
  const channelOf = (name: string): string => `${room}:${name}`;
  const listeners = new Map<string, (text: string) => void>();
  hearing.on('message', (channel, text) => listeners.get(channel)?.(text));
  try {
    await Promise.all([speaking.connect(), hearing.connect()]);
  } catch (thrown) {
    // One may be connected, and would keep this process alive.
    for (const client of [speaking, hearing]) client.disconnect();
    throw thrown;
  }

  async function hear(channel: string, listener: (text: string) => void): Promise<void> {
    listeners.set(channel, listener);
    await hearing.subscribe(channel);
  }

  function forget(channel: string): void {
    listeners.delete(channel);
    if (!isOver) hearing.unsubscribe(channel).catch(() => undefined);
  }

  async function publish(channel: string, message: object): Promise<void> {
    const heard = await speaking.publish(channel, JSON.stringify(message));
    if (heard === 0) throw new GoneError('nobody listens any more');
  }

  function talkOn(sealed: SealedTalk, channel: string, end: () => void): Talk {
    return { channel, end, send: (message) => publish(channel, sealed.seal(message)) };
  }

  return {
    call: async (name, greeting, listener) => {
      const sealed = beginTalk(token);
      const [own, theirs] = [channelOf(`to-${sealed.id}`), channelOf(`from-${sealed.id}`)];
      const answered = deferred<void>();
      answered.promise.catch(() => undefined);
      let isAnswered = false;
      const silent = afterReading(ANSWER_MS, () => answered.reject(new GoneError('no answer')));
      try {
        await hear(own, (text) => {
          const message = openedBy(sealed, text);
          if (message !== undefined && isAnswered) listener(message);
          if (message === undefined || isAnswered) return;
          // The first one only carries the answerer's part of the key.
          isAnswered = true;
          answered.resolve();
        });
        await publish(channelOf(name), sealed.seal(greeting));
        await answered.promise;
      } catch (thrown) {
        forget(own);
        throw thrown;
      } finally {
        silent.clear();
      }
      return talkOn(sealed, theirs, () => forget(own));
    },
    answerTo: async (name, onTalk) => {
      /** Ids of talks, so that none is answered twice. */
      const known = new Set<string>();
      await hear(channelOf(name), (text) => {
        const first = parseSealed(text);
        if (first === undefined || known.has(first.talk)) return;
        const sealed = answerTalk(token, first);
        if (sealed === undefined) return;
        known.add(first.talk);
        const [own, theirs] = [channelOf(`from-${sealed.id}`), channelOf(`to-${sealed.id}`)];
        const talk = talkOn(sealed, theirs, () => forget(own));
        const answer = async (): Promise<void> => {
          const early: unknown[] = [];
          let listener: TalkListener = (message) => early.push(message);
          await hear(own, (later) => {
            const message = openedBy(sealed, later);
            if (message !== undefined) listener(message);
          });
          await talk.send({});
          listener = onTalk(talk, sealed.greeting);
          early.forEach(listener);
        };
        // The caller has gone meanwhile.
        answer().catch(() => forget(own));
      });
    },
    areThere: async (talksAndNames) => {
      const channels = talksAndNames.map((one) => (typeof one === 'string' ? channelOf(one) : one.channel));
      const counted = (await speaking.pubsub('NUMSUB', ...channels)) as readonly unknown[];
      return channels.map((_, place) => Number(counted[2 * place + 1]) > 0);
    },
    close: () => {
      isOver = true;
      speaking.disconnect();
      hearing.disconnect();
    },
  };
}

function openedBy(sealed: SealedTalk, text: string): unknown {
  const message = parseSealed(text);
  return message && sealed.open(message);
}
