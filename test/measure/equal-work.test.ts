import { describe, expect, it } from 'vitest';
import { EqualWork, UnequalWorkError } from '../../dist/src/measure/equal-work.js';

describe('EqualWork', () => {
  it('accepts the same digests from every cell', () => {
    const work = new EqualWork();
    for (const cell of ['a', 'b', 'a']) work.check(cell, ['1', '2']);
    expect(work.digests).toEqual(['1', '2']);
  });

  it('reports the first task that differs, and holds the ids of both cells', () => {
    const work = new EqualWork();
    work.check('work/event-loop', ['1', '2', '3']);
    const check = (): void => {
      work.check('work/worker-threads@2', ['1', '5', '6']);
    };
    expect(check).toThrow(UnequalWorkError);
    expect(check).toThrow('Two configurations gave different results for task 2: 2 and 5.');
    expect(check).toThrow(expect.objectContaining({ cells: ['work/event-loop', 'work/worker-threads@2'], task: 1 }));
  });

  it('reports which of two versions gave which result, whichever was first', () => {
    const work = new EqualWork();
    work.check('work/event-loop~new', ['5001']);
    expect(() => work.check('work/event-loop', ['5000'])).toThrow(
      'The two versions gave different results for task 1: 5001 (new) and 5000 (old). Times are compared only of versions that do the same.',
    );
    expect(() => work.check('work/worker-threads@2~new', ['7'])).toThrow('Two configurations gave different results');
    expect(() => work.check('work/worker-threads@2', ['7'])).toThrow(
      'Two configurations of different versions gave different results for task 1: 5001 (new) and 7 (old).',
    );
  });

  it('reports a cell that differs from itself', () => {
    const work = new EqualWork();
    work.check('work/event-loop', ['1']);
    expect(() => work.check('work/event-loop', ['2'])).toThrow(
      'One configuration gave two results for task 1: 1 and 2. The task must give the same result every time and everywhere; one that draws random numbers, reads the clock, keeps state or changes what its inputs share does not.',
    );
  });

  it('fills in what was not verified before, and takes it for equal', () => {
    const work = new EqualWork();
    work.check('a', ['1', null, '3']);
    expect(work.digests).toBeUndefined();
    work.check('b', [null, '2', null]);
    expect(work.digests).toEqual(['1', '2', '3']);
    expect(() => work.check('a', [null, '7', null])).toThrow('One configuration gave two results for task 2: 2 and 7');
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
