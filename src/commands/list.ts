import { command } from './command.ts';

export const listCommand = command({
  name: 'list',
  description: 'show the workloads and strategies that there are',
  examples: [],
  body: async () => (await import('../session/list.ts')).list,
});
