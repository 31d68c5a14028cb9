/** A report to pass on, ended after five seconds with what was measured until then. */
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
console.log(results.complete ? 'whole' : 'interrupted');
