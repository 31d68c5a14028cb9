import type { Options } from 'yargs';

/** The flags that only `doctor` has. */
export const DOCTOR_FLAGS = {
  facts: { type: 'boolean', description: 'only the facts of the machine: nothing is measured' },
} as const satisfies Record<string, Options>;
