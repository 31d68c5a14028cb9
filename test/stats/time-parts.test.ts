import { expect, it } from 'vitest';
import { timeParts } from '../../dist/src/stats/time-parts.js';

type Frame = readonly [functionName: string, url: string];

const isTool = (url: string): boolean => url.startsWith('file:///lanewise/');
const PISCINA = 'file:///app/node_modules/piscina/dist/worker.js';

/** A profile with a sample each millisecond, each of a stack from the first caller to the function that ran. */
function profileOf(stacks: readonly (readonly Frame[])[]) {
  const nodes: { id: number; callFrame: { functionName: string; url: string }; children: number[] }[] = [];
  const samples = stacks.map((stack) => {
    for (const [depth, [functionName, url]] of stack.entries()) {
      const id = nodes.length + 1;
      nodes.push({ id, callFrame: { functionName, url }, children: depth + 1 < stack.length ? [id + 1] : [] });
    }
    return nodes.length;
  });
  const profile = {
    nodes,
    samples,
    timeDeltas: stacks.map(() => 1000),
    startTime: 5e6,
    endTime: 5e6 + 1000 * (stacks.length + 1),
  };
  // The first sample is at 1 ms.
  return { startedNs: 0, profile };
}

const ALL = [[0, 1e9]] as const;
const partsOf = (...stacks: readonly (readonly Frame[])[]) => timeParts(profileOf(stacks), ALL, isTool);
/** The part that a single sample belongs to. */
const partOf = (...stack: readonly Frame[]) =>
  Object.entries(partsOf(stack) ?? {}).find(([, share]) => share === 1)?.[0];

const ROOT: Frame = ['(root)', ''];
const TASK: Frame = ['task', 'file:///app/work.mjs'];
const LANE: Frame = ['runNow', 'file:///lanewise/workers/thread.js'];

it.each<[string, string, readonly Frame[]]>([
  ['the module’s code', 'own', [ROOT, LANE, TASK]],
  ['a library that it calls', 'own', [ROOT, LANE, TASK, ['parse', 'file:///app/node_modules/csv/index.js']]],
  ['Node, called by it', 'own', [ROOT, LANE, TASK, ['gzipSync', 'node:zlib']]],
  ['native code, called by it', 'own', [ROOT, LANE, TASK, ['structuredClone', '']]],
  ['its continuation after an await', 'own', [ROOT, TASK]],
  ['garbage collection', 'gc', [ROOT, ['(garbage collector)', '']]],
  ['an idle loop', 'idle', [ROOT, ['(idle)', '']]],
  ['a parked thread of Piscina', 'idle', [ROOT, ['onMessage', PISCINA], ['atomicsWaitLoop', PISCINA]]],
  ['postMessage', 'serialization', [ROOT, ['onMessage', PISCINA], ['postMessage', '']]],
  ['postMessage inside optimized code', 'serialization', [ROOT, ['onMessage', PISCINA]]],
  [
    'receiving in a parked thread',
    'serialization',
    [ROOT, ['atomicsWaitLoop', PISCINA], ['receiveMessageOnPort', 'node:internal/worker/io']],
  ],
  [
    'writing a message for a process, in a bundle',
    'serialization',
    [ROOT, ['cloneFrame2', 'file:///lanewise/workers/child.js'], ['writeValue', '']],
  ],
  [
    'writing to its pipe',
    'serialization',
    [ROOT, ['send', 'file:///lanewise/workers/child.js'], ['Socket._write', 'node:net'], ['writeBuffer', '']],
  ],
  ['a socket of which nobody is known', 'other', [ROOT, ['onStreamRead', 'node:internal/stream_base_commons']]],
  ['Lanewise itself', 'other', [ROOT, LANE]],
  ['native code without a name', 'other', [ROOT, ['(program)', '']]],
  ['a timer of Node', 'other', [ROOT, ['listOnTimeout', 'node:internal/timers']]],
])('a sample of %s counts as %s', (_what, part, stack) => {
  expect(partOf(...stack)).toBe(part);
});

it('shares are those of the time, and add up to 1', () => {
  const idle: readonly Frame[] = [ROOT, ['(idle)', '']];
  expect(partsOf([ROOT, TASK], idle, idle, [ROOT, TASK])).toEqual({
    own: 0.5,
    serialization: 0,
    gc: 0,
    idle: 0.5,
    other: 0,
  });
});

it('only samples within batches count, until the end of the batch', () => {
  const stacks: readonly (readonly Frame[])[] = [
    [ROOT, TASK],
    [ROOT, ['(idle)', '']],
    [ROOT, TASK],
  ];
  // From 1.5 to 2.5 ms, and from 2.75 to 3.25: the samples at 2 and 3 ms, for 0.5 and 0.25 ms.
  const parts = timeParts(
    profileOf(stacks),
    [
      [1.5e6, 2.5e6],
      [2.75e6, 3.25e6],
    ],
    isTool,
  );
  expect([parts?.idle, parts?.own]).toEqual([2 / 3, 1 / 3]);
});

it('without a sample in a batch, no shares are known', () => {
  expect(timeParts(profileOf([[ROOT, TASK]]), [[0, 1]], isTool)).toBeUndefined();
});
