import { expect, it } from 'vitest';
import { failureSentences } from '../../dist/src/report/names.js';

const failedWith = (stack?: string, poolSize = 2, message = 'no page') =>
  ({
    strategy: 'worker-threads',
    poolSize,
    concurrency: 1,
    error: {
      name: 'Error',
      message,
      task: poolSize + 1,
      lane: { kind: 'thread', index: 0 },
      ...(stack !== undefined && { stack }),
    },
  }) as const;
const sentenceOf = (stack?: string): string | undefined => failureSentences([failedWith(stack)])[0];
const FAILED = '2 worker threads failed in task 4, in worker thread 1: Error: no page';

it.each([
  [
    'the line that threw',
    'Error: no page\n    at default (pages.js:12:9)\n    at a (lanewise:workers/host.cjs:1:2)',
    'pages.js:12:9',
  ],
  ['a line outside functions', 'Error: no page\n    at C:\\work\\pages.js:12:9', 'C:\\work\\pages.js:12:9'],
  ['an async line', 'Error: no page\n    at async pages.js:12:9', 'pages.js:12:9'],
  [
    'the line that called into Node',
    'Error: no page\n    at new Promise (<anonymous>)\n    at readFileSync (node:fs:448:20)\n    at load (pages.js:3:1)',
    'pages.js:3:1',
  ],
  [
    'a path with parentheses in its method',
    'Error: no page\n    at Object.<anonymous> [as a (b)] (pages.js:3:1)',
    'pages.js:3:1',
  ],
])('a failure is reported with %s', (_what, stack, line) => {
  expect(sentenceOf(stack)).toBe(`${FAILED}, at ${line}`);
});

it('an error is reported once, with all that failed of it', () => {
  const sizes = [2, 1, 4].map((poolSize) => failedWith(undefined, poolSize));
  expect(failureSentences([...sizes, failedWith(undefined, 8, 'no room')])).toEqual([
    `${FAILED}. So did 1 worker thread, 4 worker threads`,
    '8 worker threads failed in task 10, in worker thread 1: Error: no room',
  ]);
});

it('different results are the failure of no single configuration', () => {
  const error = { name: 'UnequalWorkError', message: 'Two configurations gave different results', task: 3 };
  const cell = { id: 'work/event-loop', strategy: 'event-loop', poolSize: 1, concurrency: 'all', error } as const;
  expect(failureSentences([cell, { ...cell, poolSize: 2 }])).toEqual(['Two configurations gave different results']);
});

it.each([
  ['no stack', undefined],
  ['a stack of Lanewise alone', 'Error: no page\n    at a (lanewise:workers/host.cjs:1:2)\n    at b (pages.js:1:2)'],
  ['a stack of Node alone', 'Error: no page\n    at a (node:fs:1:2)'],
  ['a stack of another kind', 'no page'],
])('a failure with %s is reported without a line', (_what, stack) => {
  expect(sentenceOf(stack)).toBe(FAILED);
});
