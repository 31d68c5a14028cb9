import { markdownTable } from 'markdown-table';
import { QUEUE_SERVERS } from '../../../src/model/strategies.ts';
import { median } from '../../../src/stats/quantile.ts';
import { medianPrice } from './measure-queue.ts';
import type { PricedConfiguration } from './prices.ts';

/** A row for each server, workload and place of the job; a column for each concurrency; then CPU time at the lowest. */
export function tabulate(priced: readonly PricedConfiguration[]): string {
  const concurrencies = [...new Set(priced.map(({ concurrency }) => concurrency))].toSorted((a, b) => a - b);
  const head = [
    ['server', 'job', 'runs in'],
    concurrencies.map((concurrency) => `concurrency ${concurrency}`),
    ['CPU: producer', 'worker', 'server'],
  ].flat();
  const groups = new Map<string, PricedConfiguration[]>();
  for (const one of priced) {
    const key = [`${QUEUE_SERVERS[one.server]} ${one.version}`, one.work, one.mode].join('\t');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([key, group]) => {
      const walls = concurrencies.map((each) => wallOf(group.find(({ concurrency }) => concurrency === each)));
      const first = group.find(({ concurrency }) => concurrency === concurrencies[0]);
      const { producerCpuUs, workerCpuUs, serverCpuUs } = medianPrice(first?.prices ?? []);
      return [...key.split('\t'), ...walls, ...[producerCpuUs, workerCpuUs, serverCpuUs].map(rounded)];
    });
  return ['Microseconds a job: median of the repetitions (lowest–highest).', '', markdownTable([head, ...rows])].join(
    '\n',
  );
}

function wallOf(one: PricedConfiguration | undefined): string {
  if (one === undefined) return '–';
  const walls = one.prices.map(({ wallUs }) => wallUs);
  return `${rounded(median(walls))} (${rounded(Math.min(...walls))}–${rounded(Math.max(...walls))})`;
}

function rounded(us: number | undefined): string {
  return us === undefined ? '–' : String(Math.round(us));
}
