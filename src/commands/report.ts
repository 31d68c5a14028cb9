import { command } from './command.ts';

export const reportCommand = command({
  name: 'report',
  description: 'write the report of a saved run again',
  examples: [['report results --format md', 'as Markdown, of a folder or a file']],
  body: async () => (await import('../session/report.ts')).rewriteReport,
});
