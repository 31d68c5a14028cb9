import { expect, it } from 'vitest';
import { processEnded, threadEnded, uncaught } from '../../dist/src/lanes/lane-ended-error.js';

it('a worker that ends without an error is said to end as process.exit() ends it, and no other', () => {
  expect(threadEnded(0, 0).message).toBe('worker thread 1 ended with exit code 0, as process.exit() ends it');
  expect(processEnded(1, 0, null).message).toBe('child process 2 ended with exit code 0, as process.exit() ends it');
  expect(threadEnded(0, 1).message).toBe('worker thread 1 ended with exit code 1');
  expect(threadEnded(0, 13).message).toMatch(/exit code 13: its task awaits a promise that never settles$/);
  expect(processEnded(1, null, 'SIGKILL').message).toBe('child process 2 ended with signal SIGKILL');
});

it('a port that is in use is said to be opened by every worker', () => {
  const of = (message: string): string => uncaught({ name: 'Error', message }, 'thread').message;
  expect(of('boom')).toBe('boom (uncaught: it ended the thread)');
  expect(of('listen EADDRINUSE: address already in use :::80')).toBe(
    'listen EADDRINUSE: address already in use :::80 (uncaught: it ended the thread; every worker loads the module, and opens what that opens)',
  );
});
