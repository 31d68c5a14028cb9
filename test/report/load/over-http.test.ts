import { describe, expect, it } from 'vitest';
import type { LoadResults } from '../../../dist/src/model/load.js';
import { clusterSentences, httpTexts, pingCell } from '../../../dist/src/report/load/over-http.js';
import { windowOf } from '../../support/windows.js';

const probed = (n: number, p99: number) => ({ probeMs: { n, p50: 1, p90: 1, p99 } });

function textsOf(options: Partial<LoadResults['options']>, hostsAreNice = true): string {
  const driver = {
    lateMs: { p50: 0, p99: 0, max: 0 },
    readLateMs: { p99: 0 },
    cpus: 0,
    sockets: 1,
    hostsAreNice,
    limits: [],
  };
  const cells = [{ windows: [windowOf(0, 0, 10, { driver })] }];
  return httpTexts({ options, cells } as unknown as LoadResults).join(' ');
}

describe('requests over HTTP in a report', () => {
  it('show how long a ping takes, in the median window', () => {
    expect(pingCell([probed(10, 1), probed(10, 9), probed(10, 2)]).text).toBe('2.00');
    expect(pingCell([probed(0, 0), {}]).text).toBe('–');
  });

  it('are described with their connections, pings and priorities', () => {
    const text = textsOf({ via: 'http', connections: 64, probePerSecond: 20 });
    expect(text).toContain('on 64 kept-alive connections, more while all were busy');
    expect(text).toContain('latency of 20 requests a second');
    expect(text).toContain('ran at a lower priority');
    expect(textsOf({ via: 'http', connections: 'new', probePerSecond: 0 })).toContain('on a new connection each');
    expect(textsOf({ via: 'http', connections: 'new', probePerSecond: 0 })).not.toContain('Ping');
    expect(textsOf({ via: 'http', connections: 1 }, false)).toContain('could not be given a lower priority');
  });

  it('show how unevenly they fell to the workers of a cluster', () => {
    const windows = [
      [50, 50],
      [60, 40],
      [30, 70],
      [0, 0],
    ].map((byWorker) => windowOf(0, 0, 10, { byWorker }));
    const search = windowOf(0, 0, 10, { byWorker: [1, 99], phase: 'search' });
    const cell = { strategy: 'cluster', poolSize: 2, concurrency: 'all', windows: [search, ...windows] };
    expect(clusterSentences([cell as never])).toEqual([
      'Of the requests of a window, the busiest of 2 cluster workers answered 60% (median; at most 70%): a cluster deals out connections, not requests.',
    ]);
    expect(clusterSentences([{ ...cell, windows: [windowOf(0, 0, 10)] } as never])).toEqual([]);
  });

  it('are not mentioned where there are none', () => {
    expect(textsOf({ via: 'in-process' })).toBe('');
  });
});
