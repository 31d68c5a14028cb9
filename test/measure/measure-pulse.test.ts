import { Compile } from 'typebox/compile';
import { expect, it } from 'vitest';
import { newLogs } from '../../dist/src/measure/cell-hosts.js';
import type { GroupTask } from '../../dist/src/measure/measure-group.js';
import { PULSE } from '../../dist/src/model/evidence.js';
import type { BegunGroup, GroupSnapshot } from '../../dist/src/model/measured.js';
import type { RatedLoad } from '../../dist/src/model/plan.js';
import { groupSnapshot } from '../../dist/src/model/schema/snapshot.js';
import { groupTaskOf, measureAll, onBlock } from '../support/group-task.js';
import { scriptedHosts } from '../support/scripted-host.js';
import { windowOf } from '../support/windows.js';

const RATING = { aloneMs: 10, capacity: 400 };
const LOAD: RatedLoad = {
  arrivals: { kind: 'poisson' },
  requests: 40,
  settling: 10,
  stricterFifo: true,
  keepsRequests: false,
  via: 'in-process',
  ...RATING,
  objective: { quantile: 'p99', ms: 50 },
  rates: [100],
  ratings: {},
  overload: { times: 2, pulseMs: 500 },
};

/** Two configurations, each with a window and a pulse in a block, in hosts that only answer. */
function pulsedTask(blocks: number, over: Partial<GroupTask> = {}): GroupTask {
  const task = groupTaskOf({ blocks });
  const startBatches = scriptedHosts({ wallMs: () => 10 });
  return {
    ...task,
    group: {
      ...task.group,
      load: LOAD,
      blocks: task.group.blocks.map((block) => block.map((turns) => turns.map((turn) => ({ ...turn, rateIndex: 0 })))),
    },
    startHost: async (options) => ({
      ...(await startBatches(options)),
      window: async ({ rate, keepsRequests }) => {
        const { block: _block, round: _round, position: _position, ...reading } = windowOf(0, 0, 20, { rate });
        const times = { dueMs: 1, acceptedMs: 1, startedMs: 2, finishedMs: 3, receivedMs: 4 };
        return { kind: 'windowed', reading, digests: [], ...(keepsRequests && { requests: [times] }) };
      },
    }),
    ...over,
  };
}

it('pulses are in the journal, and a resumed run has as many as one that was not interrupted', async () => {
  const stop = new AbortController();
  const saved: GroupSnapshot[] = [];
  const snapshots = (progress: GroupSnapshot) => {
    saved.push(JSON.parse(JSON.stringify(progress)) as GroupSnapshot);
    return [];
  };
  const cut = await measureAll(
    pulsedTask(6, { snapshots, signal: stop.signal }),
    onBlock((block) => block === 1 && stop.abort()),
  );
  const last = saved.at(-1);
  if (last === undefined) throw new Error('nothing was saved');
  expect(Compile(groupSnapshot).Check(last)).toBe(true);
  expect(last.cells.map(({ pulses }) => pulses?.map(({ block }) => block))).toEqual([
    [0, 1],
    [0, 1],
  ]);
  const windows = new Map(cut.cells.map(({ cell, windows: own = [] }) => [cell.id, own]));
  const begun: BegunGroup = { ...last, samples: new Map(), windows };
  const again = pulsedTask(6);
  const whole = await measureAll({ ...again, logs: newLogs(again.group.cells, begun), begun });
  expect(whole.complete).toBe(true);
  for (const [index, { pulses = [] }] of whole.cells.entries()) {
    expect(pulses.map(({ block }) => block)).toEqual([0, 1, 2, 3]);
    expect(pulses).toHaveLength(PULSE.blocks);
    expect(pulses.slice(0, 2)).toEqual(cut.cells[index]?.pulses);
  }
});
