/** Column and sentences about requests over HTTP. */
import type { LoadCell, LoadResults, Window } from '../../model/load.ts';
import { median } from '../../stats/quantile.ts';
import type { Cell, Column } from '../document.ts';
import { configurationName } from '../names.ts';
import { percent, plural, threeDigits } from '../numbers.ts';

/** Whether the server still answers; in process there is none, and the delay of the event loop stands here. */
export const PING_COLUMN: Column = { title: 'ping p99, ms', short: 'ping\np99', align: 'right', spare: 1 };

/** @param windows of one configuration at one rate */
export function pingCell(windows: readonly Pick<Window, 'probeMs'>[]): Cell {
  const p99s = windows.flatMap(({ probeMs }) => (probeMs !== undefined && probeMs.n > 0 ? [probeMs.p99] : []));
  return { text: p99s.length === 0 ? '–' : threeDigits(median(p99s)) };
}

/** How evenly requests fell to the workers of each cluster. */
export function clusterSentences(cells: readonly LoadCell[]): readonly string[] {
  return cells.flatMap((cell) => {
    const shares = cell.windows.flatMap(({ phase, byWorker = [] }) => {
      const all = byWorker.reduce((sum, count) => sum + count, 0);
      return phase === undefined && byWorker.length > 1 && all > 0 ? [Math.max(...byWorker) / all] : [];
    });
    if (shares.length === 0) return [];
    return `Of the requests of a window, the busiest of ${configurationName(cell)} answered ${percent(median(shares))} (median; at most ${percent(Math.max(...shares))}): a cluster deals out connections, not requests.`;
  });
}

/** How requests were sent. */
export function httpTexts({ options, cells }: LoadResults): readonly string[] {
  const { via, connections = 1, probePerSecond = 0 } = options;
  if (via === 'in-process') return [];
  const drivers = cells.flatMap(({ windows }) => windows.flatMap(({ driver }) => driver ?? []));
  const areNice = drivers.every(({ hostsAreNice }) => hostsAreNice);
  const kept = `${plural(connections === 'new' ? 1 : connections, 'kept-alive connection')}, more while all were busy`;
  return [
    `Tasks were requested over HTTP on the loopback address by a process of its own, on ${connections === 'new' ? 'a new connection each' : kept}. ${areNice ? 'What was measured ran at a lower priority, so that this process was scheduled first.' : 'What was measured could not be given a lower priority on this system, so this process had to wait for a CPU like any other.'}`,
    'A window is refused if that process sent or read too late, or not the planned requests: its block is measured again. A rate at which windows in more than a quarter of the blocks are refused is driver-limited and has no verdict.',
    ...(probePerSecond === 0
      ? []
      : [`Ping is the latency of ${probePerSecond} requests a second beside them that do no work.`]),
  ];
}
