import { describe, expect, it } from 'vitest';
import { EqualWork, UnequalWorkError } from '../../dist/src/measure/equal-work.js';

describe('EqualWork', () => {
  it('accepts the same digests from every cell', () => {
    const work = new EqualWork();
    for (const cell of ['a', 'b', 'a']) work.check(cell, ['1', '2']);
    expect(work.digests).toEqual(['1', '2']);
  });

  it('names both cells and the first task that differs', () => {
    const work = new EqualWork();
    work.check('work/event-loop', ['1', '2', '3']);
    expect(() => work.check('work/worker-threads@2', ['1', '5', '6'])).toThrow(UnequalWorkError);
    expect(() => work.check('work/worker-threads@2', ['1', '5', '6'])).toThrow(
      'work/event-loop and work/worker-threads@2 gave different results for task 2: 2 and 5.',
    );
  });

  it('tells of a cell that differs from itself', () => {
    const work = new EqualWork();
    work.check('work/event-loop', ['1']);
    expect(() => work.check('work/event-loop', ['2'])).toThrow('work/event-loop gave two results for task 1');
  });

  it('fills in what was not verified before, and takes it for equal', () => {
    const work = new EqualWork();
    work.check('a', ['1', null, '3']);
    expect(work.digests).toBeUndefined();
    work.check('b', [null, '2', null]);
    expect(work.digests).toEqual(['1', '2', '3']);
    expect(() => work.check('a', [null, '7', null])).toThrow('a gave two results for task 2: 2 and 7');
  });

  it('has nothing to say of work that is not verified', () => {
    const work = new EqualWork();
    work.check('a', [null, null]);
    expect(work.digests).toBeUndefined();
  });

  it('names what may help, and what inputs lose on their way', () => {
    const work = new EqualWork();
    work.noteInputs({
      buffers: true,
      instances: false,
      shared: false,
      partialViews: false,
      isCopyable: true,
      areOne: false,
    });
    work.check('a', ['1']);
    expect(() => work.check('b', ['2'])).toThrow(
      /a Buffer in the input arrives in a worker thread as a Uint8Array\..* `digest` function.*--verify off/,
    );
  });
});
