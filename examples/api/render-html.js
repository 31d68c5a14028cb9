/** Writes a page to share, with what could be measured within five seconds. */
import { writeFile } from 'node:fs/promises';
import { renderHtml, run } from 'lanewise';

const results = await run({
  workloads: ['timer'],
  strategies: ['event-loop', 'worker-threads'],
  poolSizes: [1],
  preset: 'quick',
  signal: AbortSignal.timeout(5000),
});
await writeFile('report.html', await renderHtml(results));
console.log(results.complete ? 'complete' : 'interrupted');
