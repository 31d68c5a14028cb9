import { command } from './command.ts';

export const reportCommand = command({
  name: 'report',
  description: 'write the report of a saved run again',
  examples: [['report lanewise-report --format md', 'as Markdown']],
  body: async () => (await import('../session/report.ts')).rewriteReport,
});
