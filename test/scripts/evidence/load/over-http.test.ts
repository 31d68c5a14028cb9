import { describe, expect, it } from 'vitest';
import { clusterAt, driverAt } from '../../../../dist/scripts/evidence/load/over-http.js';
import type { Window } from '../../../../dist/src/model/load.js';
import { windowOf } from '../../../support/windows.js';

function driven(p50: number, cpus: number, limits: NonNullable<Window['driver']>['limits'] = []): Window {
  const window = windowOf(0, 0, 40);
  return {
    ...window,
    latencyMs: { ...window.latencyMs, p50 },
    state: limits.length > 0 ? 'driver-limited' : 'ok',
    driver: {
      lateMs: { p50: 0, p99: 1, max: 2 },
      readLateMs: { p99: 0.5 },
      cpus,
      sockets: 64,
      hostsAreNice: true,
      limits,
    },
  };
}

describe('the evidence for requests over HTTP', () => {
  it('takes the median window, and counts those that are refused', () => {
    const over = [driven(22, 0.1), driven(21, 0.3, ['late']), driven(23, 0.2)];
    expect(driverAt(over, [windowOf(0, 0, 80), windowOf(1, 0, 80)])).toEqual({
      rate: 40,
      windows: 3,
      refused: 1,
      cpus: 0.2,
      lateP99Ms: 1,
      readLateP99Ms: 0.5,
      // 80 ms / 4 is their median.
      addedMs: 2,
    });
  });

  it('expects of a cluster the mean latency of a queue for each worker, and less of one for both', () => {
    const request = (dueMs: number) => ({
      dueMs,
      acceptedMs: dueMs,
      startedMs: dueMs,
      finishedMs: dueMs + 20,
      receivedMs: dueMs + 20,
    });
    const windows = [0, 1].map((block) =>
      windowOf(block, 0, 40, { rate: 50, offered: 3, requests: [0, 100, 200].map(request) }),
    );
    // 25 a second at each of 20 ms: half busy, so half a task's wait is 20 * 0.5 / (2 * 0.5) = 10 ms.
    const { apartMs, togetherMs, meanMs, tasks } = clusterAt(windows, 0.5);
    expect(apartMs).toBeCloseTo(30, 9);
    expect(togetherMs).toBeGreaterThan(20);
    expect(togetherMs).toBeLessThan(28);
    expect({ meanMs, tasks }).toEqual({ meanMs: 20, tasks: 6 });
  });
});
