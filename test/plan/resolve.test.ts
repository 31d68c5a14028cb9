import { describe, expect, it } from 'vitest';
import type { OwnStrategy } from '../../dist/src/model/plan.js';
import { runRequest, type RunAsked } from '../support/requests.js';

const own = (path: string, name: string, url = `file:///${name}.js`): OwnStrategy => ({
  path,
  name,
  ref: { url },
  laneKind: 'thread',
  keepsLanes: true,
});
const named = (request: RunAsked, found: readonly OwnStrategy[]) =>
  runRequest(request, { cores: 2, own: found }).options;

describe('the strategies that are asked for by a path', () => {
  it('have the names that their modules give them, in the same order; a pattern stands for several', () => {
    const request = { strategies: ['worker-threads', './pools/*.js', './mine.js', './mine.js'] };
    const found = [own('./pools/*.js', 'a'), own('./pools/*.js', 'b'), own('./mine.js', 'mine')];
    expect(named(request, found)).toMatchObject({
      strategies: ['worker-threads', 'a', 'b', 'mine', 'mine'],
      baseline: 'worker-threads',
    });
  });

  it('may be the baseline, by path or by name', () => {
    const request = { strategies: ['event-loop', './mine.js'] };
    const found = [own('./mine.js', 'mine')];
    expect(named(request, found).baseline).toBe('event-loop');
    expect(named({ ...request, baseline: './mine.js' }, found).baseline).toBe('mine');
    expect(named({ ...request, baseline: 'mine' }, found).baseline).toBe('mine');
    expect(() => named({ ...request, baseline: 'other' }, found)).toThrow(
      'Invalid --baseline "other": it is not among the strategies',
    );
  });

  it('are told apart by their names, and may be left out', () => {
    const two = { strategies: ['./a.js', './b.js'] };
    expect(() => named(two, [own('./a.js', 'x', 'file:///a.js'), own('./b.js', 'x', 'file:///b.js')])).toThrow(
      'Two strategies are called "x": give one of them another `name`.',
    );
    expect(() => named(two, [own('./a.js', 'event-loop')])).toThrow('Two strategies are called "event-loop"');
    expect(named(two, [own('./b.js', 'b')]).strategies).toEqual(['b']);
    expect(() => named(two, [])).toThrow('No strategy can be measured');
  });
});

it('measures no upper bound where none is wanted, and as wide as the cores where nothing is said', () => {
  expect(runRequest({ upperBound: false }, { cores: 2 }).upperBoundLanes).toEqual([]);
  expect(runRequest({}, { cores: 2 }).upperBoundLanes).toBeUndefined();
});
