import type { Options } from 'yargs';
import { last } from './args.ts';

const LESSONS = { group: 'What to teach:' };
const text = (description: string): Options => ({
  type: 'string',
  requiresArg: true,
  coerce: last,
  description,
  ...LESSONS,
});

/** The flags that only `lessons` has, and those that mean something of their own there. */
export const LESSONS_FLAGS = {
  list: { type: 'boolean', description: 'show the lessons that there are, and measure none', ...LESSONS },
  unit: text('what a second of the tutorial takes: 1s is the original [40ms]'),
  seed: text('of the random delays; the same seed gives the same ones [random]'),
  lang: text('en or pt [that of the system, or English]'),
  code: { type: 'boolean', description: 'print the code of one lesson as JavaScript, to be changed', ...LESSONS },
  from: text('run one lesson with a changed copy of its code'),
} as const satisfies Record<string, Options>;
