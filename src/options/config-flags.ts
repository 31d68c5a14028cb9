import type { Options } from 'yargs';
import { last } from './args.ts';

const CONFIGURATION = { group: 'Configuration file (lanewise.config.js, .mjs, .ts or .json):' };

/** The flags of what a configuration file is read for. */
export const CONFIG_FLAGS = {
  suite: {
    type: 'string',
    requiresArg: true,
    coerce: last,
    description: 'a suite of the file: what it measures, and how',
    ...CONFIGURATION,
  },
  config: {
    type: 'boolean',
    default: undefined,
    description: 'read the file that is nearest upwards; --no-config does not [yes]',
    ...CONFIGURATION,
  },
} as const satisfies Record<string, Options>;
