import { command } from './command.ts';

export const listCommand = command({
  name: 'list',
  description: 'list workloads and strategies',
  examples: [],
  body: async () => (await import('../session/list.ts')).list,
});
