import { describe, expect, it } from 'vitest';
import {
  answerTalk,
  beginTalk,
  newToken,
  parseSealed,
  roomOf,
  type Sealed,
  type SealedTalk,
} from '../../dist/src/queue/sealed-talk.js';

const TOKEN = newToken();

/** A talk whose first two messages have been exchanged, and these messages. */
function begun() {
  const caller = beginTalk(TOKEN);
  const first = caller.seal({ hello: 1 });
  const answerer = required(answerTalk(TOKEN, first));
  const answer = answerer.seal({});
  expect(caller.open(answer)).toEqual({});
  return { caller, answerer, first, answer };
}

function required(talk: (SealedTalk & { readonly greeting: unknown }) | undefined) {
  if (talk === undefined) throw new Error('the talk was not answered');
  return talk;
}

function changed(sealed: Sealed, body: unknown): Sealed {
  return { ...sealed, body: JSON.stringify({ message: body }) };
}

describe('a sealed talk', () => {
  it('carries messages both ways, in order', () => {
    const { caller, answerer } = begun();
    const [one, two] = [caller.seal({ n: 1 }), caller.seal({ n: 2 })];
    expect([answerer.open(one), answerer.open(two)]).toEqual([{ n: 1 }, { n: 2 }]);
    expect(caller.open(answerer.seal({ n: 3 }))).toEqual({ n: 3 });
  });

  it('gives the greeting to whoever answers with the same token, and to nobody else', () => {
    const first = beginTalk(TOKEN).seal({ hello: 1 });
    expect(answerTalk(TOKEN, first)?.greeting).toEqual({ hello: 1 });
    expect(answerTalk(newToken(), first)).toBeUndefined();
  });

  it('refuses a message that was changed, and accepts the true one after it', () => {
    const { caller, answerer } = begun();
    const sealed = caller.seal({ n: 1 });
    expect(answerer.open(changed(sealed, { n: 2 }))).toBeUndefined();
    expect(answerer.open({ ...sealed, seal: '' })).toBeUndefined();
    expect(answerer.open(sealed)).toEqual({ n: 1 });
  });

  it('refuses a message that comes again, too early, or back to its sender', () => {
    const { caller, answerer } = begun();
    const [one, two] = [caller.seal({ n: 1 }), caller.seal({ n: 2 })];
    expect(answerer.open(two)).toBeUndefined();
    expect(answerer.open(one)).toEqual({ n: 1 });
    expect(answerer.open(one)).toBeUndefined();
    expect(caller.open(one)).toBeUndefined();
    // A message counts as the second one only in its place.
    expect(answerer.open({ ...one, place: 2 })).toBeUndefined();
  });

  it('refuses all later messages of a recorded talk that is played again', () => {
    const { caller, answerer, first } = begun();
    const later = caller.seal({ kind: 'open' });
    expect(answerer.open(later)).toEqual({ kind: 'open' });
    const again = required(answerTalk(TOKEN, first));
    again.seal({});
    expect(again.open(later)).toBeUndefined();
  });

  it('has a room whose name shows nothing of the token', () => {
    expect(roomOf(TOKEN)).toBe(roomOf(TOKEN));
    expect(roomOf(TOKEN)).not.toBe(roomOf(newToken()));
    expect(roomOf(TOKEN)).not.toContain(TOKEN);
  });
});

describe('parseSealed', () => {
  it('takes only what has the fields of a sealed message', () => {
    const sealed = beginTalk(TOKEN).seal({});
    expect(parseSealed(JSON.stringify(sealed))).toEqual(sealed);
    for (const text of ['', 'null', '[]', '{"talk":1}', JSON.stringify({ ...sealed, place: '0' })])
      expect(parseSealed(text)).toBeUndefined();
  });
});
