import { describe, expect, it } from 'vitest';
import { WORDS } from '../../../dist/src/report/lessons/words.js';

describe.each(Object.entries(WORDS))('the words of a timeline (%s)', (_language, { drawing, lane }) => {
  it('fit beside it: 104 px, at about 6 px a letter', () => {
    const lanes = (['event-loop', 'worker-threads', 'child-processes'] as const).map((strategy) => lane(strategy, 0));
    for (const label of [drawing.runningAtOnce, ...lanes]) expect(label.length, label).toBeLessThanOrEqual(17);
  });

  it('group no digits on the axis: a comma between them would be a decimal one in Portuguese', () => {
    expect(drawing.tick(1200)).toBe('1200');
  });
});

it('the axis of a Portuguese timeline has decimal commas', () => {
  expect(WORDS.pt.drawing.tick(0.5)).toBe('0,5');
});
