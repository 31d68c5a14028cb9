import type { Options } from 'yargs';
import { last } from './args.ts';

const OUTPUT = { group: 'Output:' };

/** The flags of every command that prints results or writes a report folder. */
export const OUTPUT_FLAGS = {
  out: {
    type: 'string',
    requiresArg: true,
    coerce: last,
    description: 'the report folder [lanewise-report]',
    ...OUTPUT,
  },
  format: {
    type: 'string',
    array: true,
    requiresArg: true,
    description:
      'what to write there: html,md,json,csv,trace, and for other tools github-action-benchmark,bencher,go,hyperfine [the first five]',
    ...OUTPUT,
  },
  summary: {
    type: 'boolean',
    description: 'append report.md to the summary of a GitHub job ($GITHUB_STEP_SUMMARY)',
    ...OUTPUT,
  },
  json: { type: 'boolean', description: 'the results as JSON on stdout, and nothing else there', ...OUTPUT },
  quiet: { type: 'boolean', alias: 'q', description: 'no progress and no notes on stderr', ...OUTPUT },
  color: { type: 'boolean', description: 'colours; --no-color, NO_COLOR and FORCE_COLOR decide too', ...OUTPUT },
} as const satisfies Record<string, Options>;
