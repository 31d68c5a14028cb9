import type { Options } from 'yargs';

export const INIT_FLAGS = {
  cpu: { type: 'boolean', description: 'work that computes [yes]', conflicts: 'io' },
  io: { type: 'boolean', description: 'work that waits' },
  typescript: { type: 'boolean', description: 'in TypeScript [if the file’s name says so]' },
} as const satisfies Record<string, Options>;
