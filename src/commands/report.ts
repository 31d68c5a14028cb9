import { command } from './command.ts';

export const reportCommand = command({
  name: 'report',
  description: 'write the report of saved results again',
  examples: [['report lanewise-report --format md', 'the Markdown report again']],
  body: async () => (await import('../session/report.ts')).reportAgain,
});
