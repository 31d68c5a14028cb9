import { describe, expect, it } from 'vitest';
import { lookAfter } from '../../dist/src/host/aftermath.js';
import type { BatchStrategy } from '../../dist/src/lanes/strategy.js';
import { NO_USAGE } from '../../dist/workers/usage.js';

/** A lane that works on after its batches as long as `worksOn` says so: seen from the host, a loop and CPU time. */
function laneThat(worksOn: () => boolean): BatchStrategy {
  let usedMs = 0;
  return {
    laneKind: 'process',
    keepsLanes: true,
    run: async () => [],
    underWay: () => [],
    activity: async () => [{ activeMs: (usedMs += worksOn() ? 500 : 0), pending: 0 }],
    usage: async () => ({ ...NO_USAGE, cpuMs: usedMs }),
    processIds: () => [],
    close: async () => [],
  };
}

describe('work after a batch', () => {
  it('is doubted if it is there after each of several batches, of which the first is the measured one', async () => {
    let others = 0;
    const found = await lookAfter(
      laneThat(() => true),
      1,
      async (atEnd) => atEnd().then(() => ({ records: [], name: 'measured' })),
      async (atEnd) => {
        others += 1;
        await atEnd();
        return { records: [] };
      },
    );
    expect(found).toMatchObject({ batch: { name: 'measured' }, doubt: { kind: 'unawaited' } });
    expect(others).toBe(3);
  });

  it('is the runtime’s if it is not there after one of them', async () => {
    let others = 0;
    const found = await lookAfter(
      laneThat(() => others < 2),
      1,
      async (atEnd) => atEnd().then(() => ({ records: [] })),
      async (atEnd) => {
        others += 1;
        await atEnd();
        return { records: [] };
      },
    );
    expect(found.doubt).toBeUndefined();
    expect(others).toBe(2);
  });
});
