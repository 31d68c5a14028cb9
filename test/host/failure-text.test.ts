import { expect, it } from 'vitest';
import { lossOnTheWay, withHintOfCallback, withHintOfInput } from '../../dist/src/host/failure-text.js';

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

it.each([
  [
    withHintOfInput,
    "Cannot read properties of undefined (reading 'n').",
    'the task got no input: give one with --input',
  ],
  [withHintOfCallback, 'cb is not a function', 'a task gets its input alone: export a function that returns a promise'],
] as const)('a TypeError of a function that lacks an argument has a hint: %o', (withHint, message, hint) => {
  const error = { name: 'TypeError', message };
  expect(withHint(error).message).toContain(`${message.replace(/\.$/, '')} (${hint}`);
  for (const other of [
    { name: 'Error', message },
    { name: 'TypeError', message: 'x.map is not a function' },
  ])
    expect(withHint(other)).toBe(other);
});
