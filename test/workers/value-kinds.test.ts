import { expect, it } from 'vitest';
import { hasContent } from '../../dist/workers/value-kinds.js';

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

it.each([
  [undefined, false],
  [null, false],
  [[], false],
  [{}, false],
  [Object.create(null), false],
  [0, true],
  ['', true],
  [false, true],
  [Number.NaN, true],
  [[undefined], true],
  [{ a: undefined }, true],
  [new Map(), true],
  [new Uint8Array(), true],
  [new Date(), true],
])('an output of %o has content: %s', (output, expected) => {
  expect(hasContent(output)).toBe(expected);
});

it('takes an output that cannot be looked at for one with content', () => {
  expect(hasContent(revoked)).toBe(true);
});
