import type { Options } from 'yargs';

const COMPARING = { group: 'Comparing:' };

/** The flags of whatever compares two runs. */
export const COMPARE_FLAGS = {
  'fail-on': {
    type: 'string',
    requiresArg: true,
    description: 'status 4 if something is slower: slower, slower:10% (by at least that) or never [slower]',
    ...COMPARING,
  },
  'min-effect': {
    type: 'string',
    requiresArg: true,
    description: 'smaller differences count as the same [that of the later run]',
    ...COMPARING,
  },
  force: { type: 'boolean', description: 'compare runs of different machines all the same', ...COMPARING },
} as const satisfies Record<string, Options>;
