import { describe, expect, it } from 'vitest';
import { wantsColor } from '../../../dist/src/report/dress/tones.js';

describe('wantsColor', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { CI: 'true' }, false],
    [true, { TERM: 'dumb' }, false],
  ])('on a terminal: %s, with %j: %s', (isTty, env, wanted) => {
    expect(wantsColor({ isTty, env })).toBe(wanted);
  });
});
