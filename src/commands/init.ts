import { command } from './command.ts';

export const initCommand = command({
  name: 'init',
  description: 'write a workload to start with',
  examples: [
    ['init', 'a workload that computes'],
    ['init bench/query.mjs --io', 'one that waits'],
    ['init bench/render.mts', 'in TypeScript'],
  ],
  body: async () => (await import('../session/init.ts')).writeWorkload,
});
