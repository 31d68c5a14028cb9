import { describe, expect, it } from 'vitest';
import { openMetronome } from '../../dist/src/host/metronome.js';
import { runWindow } from '../../dist/src/host/run-window.js';
import type { Task, TaskRecord } from '../../workers/contract.ts';
import { served } from '../support/served.js';

const NO_LIMIT = Number.POSITIVE_INFINITY;
const pace = { metronome: await openMetronome() };

function taskOf(index: number): Task {
  return { index, input: index, traced: false, verified: false };
}

describe('a window', () => {
  it('submits each task when it is due, although earlier ones are not done', async () => {
    const dueMs = [0, 5, 10];
    const { requests } = await runWindow({ dueMs, mostUnfinished: NO_LIMIT }, taskOf, (task) => served(task, 60), pace);
    const submitted = requests.map(({ acceptedNs }) => acceptedNs);
    expect(submitted).toHaveLength(3);
    expect(submitted).toEqual(submitted.toSorted((a, b) => a - b));
    for (const { dueNs, acceptedNs } of requests) expect(acceptedNs).toBeGreaterThanOrEqual(dueNs);
    expect(submitted.at(-1)).toBeLessThan(requests[0]?.record.receivedNs ?? 0);
  });

  it('sees the result of a task that blocks the loop before the next one is submitted', async () => {
    const block = (task: Task): Promise<TaskRecord> => {
      const until = performance.now() + 10;
      while (performance.now() < until);
      return served(task, 0);
    };
    const { requests } = await runWindow({ dueMs: [0, 1, 2], mostUnfinished: NO_LIMIT }, taskOf, block, pace);
    // Each is late by those before it: that is latency.
    expect(requests.at(-1)?.acceptedNs ?? 0).toBeGreaterThanOrEqual((requests.at(-1)?.dueNs ?? 0) + 18e6);
  });

  it('submits nothing more once too many are unfinished, and waits for those', async () => {
    const dueMs = [0, 0, 0, 0, 0];
    const { requests } = await runWindow({ dueMs, mostUnfinished: 2 }, taskOf, (task) => served(task, 20), pace);
    expect(requests).toHaveLength(2);
    expect(requests.every(({ record, acceptedNs }) => record.receivedNs > acceptedNs)).toBe(true);
  });

  it('ends at once without arrivals', async () => {
    const { requests } = await runWindow({ dueMs: [], mostUnfinished: 1 }, taskOf, (task) => served(task, 0), pace);
    expect(requests).toEqual([]);
  });
});
