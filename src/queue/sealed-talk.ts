/**
 * Messages of two parties that share a token, over a server that others may use: none can be forged, changed, repeated,
 * left out or sent back unnoticed. They can be read, unless the connection is encrypted.
 */
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** A message on its way. */
export interface Sealed {
  /** Id of the talk: a random number of the party that began it. */
  readonly talk: string;
  /** Place among the messages of its sender, from 0. */
  readonly place: number;
  readonly body: string;
  readonly seal: string;
}

/** One party's end of a talk. */
export interface SealedTalk {
  readonly id: string;
  readonly seal: (message: object) => Sealed;
  /** @returns undefined for a message that the other party has not sent just now */
  readonly open: (sealed: Sealed) => unknown;
}

type Party = 'caller' | 'answerer';

const KEY_BYTES = 32;
const TOKEN_BYTES = 16;

/** A token that nobody can guess. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** Name of the channels of a token, which does not reveal it. */
export function roomOf(token: string): string {
  return `lanewise:${keyOf(token, 'room')
    .toString('hex')
    .slice(0, 2 * TOKEN_BYTES)}`;
}

function keyOf(token: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', token, '', `lanewise ${purpose}`, KEY_BYTES));
}

/** A talk that this party begins: its first message has no answer's number in its key yet. */
export function beginTalk(token: string): SealedTalk {
  return talkOf(token, randomBytes(TOKEN_BYTES).toString('hex'), 'caller');
}

/** The other end of a talk, which has this first message; undefined: it does not have the token. */
export function answerTalk(token: string, first: Sealed): (SealedTalk & { readonly greeting: unknown }) | undefined {
  const talk = talkOf(token, first.talk, 'answerer');
  const greeting = talk.open(first);
  return greeting === undefined ? undefined : { ...talk, greeting };
}

/**
 * The first message of each party has the key of the token, and the answerer's carries a random number of its own; all
 * later ones have a key of both numbers. A recorded talk, played again, ends at that answer.
 */
function talkOf(token: string, id: string, self: Party): SealedTalk {
  const other = self === 'caller' ? 'answerer' : 'caller';
  const places = { sent: 0, opened: 0 };
  let number: string | undefined;
  const keyAt = (place: number): Buffer => keyOf(token, place === 0 ? 'first' : `talk ${id} ${number ?? ''}`);
  const sealOf = (party: Party, place: number, body: string): Buffer =>
    createHmac('sha256', keyAt(place))
      .update(JSON.stringify([id, party, place, body]))
      .digest();
  return {
    id,
    seal: (message) => {
      const place = places.sent++;
      if (place === 0 && self === 'answerer') number = randomBytes(TOKEN_BYTES).toString('hex');
      const body = JSON.stringify(place === 0 ? { message, number } : { message });
      return { talk: id, place, body, seal: sealOf(self, place, body).toString('hex') };
    },
    open: ({ talk, place, body, seal }) => {
      if (talk !== id || place !== places.opened) return undefined;
      const [due, given] = [sealOf(other, place, body), Buffer.from(seal, 'hex')];
      if (given.length !== due.length || !timingSafeEqual(given, due)) return undefined;
      places.opened += 1;
      const content = JSON.parse(body) as { readonly message: unknown; readonly number?: string };
      if (place === 0 && self === 'caller') number = content.number;
      return content.message;
    },
  };
}

/** A message from the server, where anybody may have put it. */
export function parseSealed(text: string): Sealed | undefined {
  try {
    const { talk, place, body, seal } = JSON.parse(text) as Partial<Record<keyof Sealed, unknown>>;
    if (typeof talk !== 'string' || typeof place !== 'number' || typeof body !== 'string' || typeof seal !== 'string')
      return undefined;
    return { talk, place, body, seal };
  } catch {
    return undefined;
  }
}
