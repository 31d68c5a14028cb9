import { describe, expect, it } from 'vitest';
import { lossOnTheWay, withHintOfArgument } from '../../dist/src/host/failure-text.js';

const [BUFFERS, INSTANCES, BOTH] = [
  { buffers: true, instances: false },
  { buffers: false, instances: true },
  { buffers: true, instances: true },
];

it('the loss of inputs on their way names all that is lost there, and nothing else', () => {
  expect(lossOnTheWay('thread', BUFFERS)).toBe('a Buffer in the input arrives in a worker thread as a Uint8Array');
  expect(lossOnTheWay('thread', INSTANCES)).toBe(
    'an instance of a class in the input arrives in a worker thread as a plain object, without its methods',
  );
  expect(lossOnTheWay('thread', BOTH)).toBe(
    'a Buffer in the input arrives in a worker thread as a Uint8Array, and an instance of a class as a plain object, without its methods',
  );
  expect(lossOnTheWay('process', BOTH)).toBe(
    'an instance of a class in the input arrives in a child process as a plain object, without its methods',
  );
  expect([lossOnTheWay('process', BUFFERS), lossOnTheWay('main', BOTH)]).toEqual([undefined, undefined]);
});

describe('a TypeError of a plain function', () => {
  const hinted = (message: string, inputs?: number, name = 'TypeError'): string =>
    withHintOfArgument({ name, message }, inputs).message;

  it('has a hint of the input that it did not get', () => {
    const message = "Cannot read properties of undefined (reading 'n').";
    const hint = ' (the task got no input: give one with --input)';
    expect(hinted(message)).toBe(`Cannot read properties of undefined (reading 'n')${hint}`);
    expect(hinted(message, 1)).toBe(message);
    expect(hinted(message, undefined, 'Error')).toBe(message);
  });

  it.each(['orders.map is not a function', 'orders is not iterable'])(
    'has a hint of the list that it got one value of: %s',
    (message) => {
      expect(hinted(message, 2)).toMatch(/ \(each task got one value of the list of inputs; [^()]*\)$/);
      expect([hinted(message, 1), hinted(message)]).toEqual([message, message]);
    },
  );

  it.each([
    ['cb is not a function', 2],
    ['The "callback" argument must be of type function. Received undefined', undefined],
  ])('has one hint, of the callback that no task gets: %s', (message, inputs) => {
    expect(hinted(message, inputs)).toMatch(/[^)] \(a task gets its input alone: export a function that [^()]*\)$/);
    expect(hinted(message, inputs, 'Error')).toBe(message);
    expect(hinted('x.run is not a function', inputs)).toBe('x.run is not a function');
  });
});
