/** Do 95% of tasks that arrive at these rates end within 45 ms? Here: tasks that wait for 40 ms, in a few short windows. */
import { load } from 'lanewise';

const { cells } = await load({
  workload: 'timer',
  via: 'in-process',
  strategies: ['event-loop'],
  objective: 'p95<=45ms',
  rates: [50, 100],
  window: 60,
  blocks: 5,
  preset: 'quick',
});
for (const cell of cells)
  for (const { rate, objectiveMs, holds } of cell.status === 'ok' ? (cell.rates ?? []) : [])
    console.log(`${cell.id} at ${rate} a second: p95 of ${objectiveMs?.estimate.toFixed(1)} ms, holds: ${holds}`);
