import { describe, expect, it } from 'vitest';
import type { TaskReply } from '../../dist/workers/contract.js';
import { openLane, runTask } from '../../dist/workers/task.js';
import { fromWire } from '../../dist/workers/wire.js';
import { useTempFolder } from '../support/temp-folder.js';

const folder = useTempFolder();
const LANE = { kind: 'main', index: 3 } as const;

async function laneOf(source: string, concurrency = 1) {
  const url = await folder.module(source);
  return openLane({ workload: { url }, params: { n: 2 }, services: {}, cell: 'work/event-loop', concurrency }, LANE);
}

const taskOf = (input: number) => ({ index: 0, input, traced: false, verified: true });

async function replies(source: string, count: number, traced = false): Promise<TaskReply[]> {
  const lane = await laneOf(source, count);
  return Promise.all(
    Array.from({ length: count }, async (_, index) =>
      fromWire(await runTask(lane, { index, input: index, traced, verified: true })),
    ),
  );
}

function finished(reply: TaskReply | undefined) {
  if (reply?.status !== 'ok') throw new Error(`the task is ${reply?.status}`);
  return reply;
}

const BUSY = '{ const until = performance.now() + 5; while (performance.now() < until); }';

describe('a lane', () => {
  it('calls a task with its input and its context', async () => {
    const source = `export default { params: { n: 1 }, setup: ({ lane }) => 'state ' + lane.index, task: (input, c) => [input, c.params.n, c.state, c.lane.kind, c.cell, c.signal.aborted] }`;
    const [reply] = await replies(source, 1);
    expect(finished(reply).digest).toBe('[0,2,"state 3","main","work/event-loop",false]');
  });

  it('calls the functions of a definition as methods', async () => {
    const source = `class Work {
      #base = 10;
      setup() { return this.#base; }
      task(input, { state }) { return { at: this.#base + input + state }; }
      digest({ at }) { return [at, this.#base]; }
      teardown() { this.#base = 0; throw new Error('base ' + this.#base); }
    }
    export default new Work();`;
    const lane = await laneOf(source);
    expect(finished(fromWire(await runTask(lane, taskOf(1)))).digest).toBe('[21,10]');
    expect(await lane.close()).toMatchObject({ message: 'base 0' });
  });

  it('digests the part that the workload selects, and sends the whole output', async () => {
    const [reply] = await replies(
      'export default { task: () => ({ id: Math.random(), sum: 4 }), digest: ({ sum }) => sum }',
      1,
    );
    expect(finished(reply)).toMatchObject({ digest: '4', output: { sum: 4 } });
  });

  it.each(['(input) => { BUSY; return input }', 'async (input) => { BUSY; return input }'])(
    'finishes a task that never waits before it starts the next one: %s',
    async (task) => {
      const found = (await replies(`export default ${task.replace('BUSY;', BUSY)}`, 4)).map(finished);
      for (const [index, reply] of found.entries()) {
        expect(reply.startedNs).toBeGreaterThanOrEqual(found[index - 1]?.finishedNs ?? 0);
        expect(reply.finishedNs - reply.startedNs).toBeGreaterThanOrEqual(5e6);
      }
    },
  );

  it.each([1, 2])('adds no promise to a task that does not wait and is alone: %i at once', async (concurrency) => {
    const lane = await laneOf('export default (input) => input', concurrency);
    const found = [runTask(lane, taskOf(1)), runTask(lane, taskOf(2))];
    for (const reply of found) expect(reply).not.toBeInstanceOf(Promise);
  });

  it('runs a task that follows one at once if that does not wait, and otherwise after its promise callbacks', async () => {
    const source =
      'let awaited = "no"; export default { task: async (input) => { const was = awaited; awaited = input; for (let i = 0; i < 9; i++) await null; awaited = "no"; return was; } }';
    const found = (await replies(source, 4)).map(finished);
    expect(found.map(({ output }) => output)).toEqual(['no', 'no', 'no', 'no']);
  });

  it('runs waiting tasks concurrently', async () => {
    const found = (await replies('export default () => new Promise((resolve) => setTimeout(resolve, 20))', 4)).map(
      finished,
    );
    expect(Math.max(...found.map((reply) => reply.startedNs))).toBeLessThan(
      Math.min(...found.map((reply) => reply.finishedNs)),
    );
  });

  it('runs other tasks when a task yields to the event loop', async () => {
    const source = `export default { task: async (input, { yieldToLoop }) => { for (let i = 0; i < 3; i++) { ${BUSY} await yieldToLoop(); } } }`;
    const found = (await replies(source, 2, true)).map(finished);
    expect(found[1]?.startedNs).toBeLessThan(found[0]?.finishedNs ?? 0);
    // Three slices and the rest after the last turn; in between it waited for the other task.
    for (const { runs = [] } of found) expect(runs.filter(([from, to]) => to - from > 4e6)).toHaveLength(3);
  });

  it('records when a traced task ran and when it waited', async () => {
    const source = `export default async () => { ${BUSY} await new Promise((resolve) => setTimeout(resolve, 30)); ${BUSY} }`;
    const [reply] = await replies(source, 1, true);
    const { runs = [], startedNs, finishedNs } = finished(reply);
    const ranNs = runs.reduce((sum, [from, to]) => sum + to - from, 0);
    expect(ranNs).toBeGreaterThanOrEqual(10e6);
    expect(finishedNs - startedNs - ranNs).toBeGreaterThanOrEqual(25e6);
  });

  it.each([
    ['throw new TypeError("no")', { name: 'TypeError', message: 'no' }],
    ['throw "text"', { name: 'Thrown', message: '"text" was thrown, which is not an Error' }],
    ['throw null', { name: 'Thrown', message: 'null was thrown, which is not an Error' }],
    ['const e = new Error("a"); e.self = e; throw e', { name: 'Error', message: 'a' }],
    [
      'throw { get message() { throw 1 }, toString() { throw 2 } }',
      {
        name: 'Thrown',
        message: '{ message: [Getter], toString: [Function: toString] } was thrown, which is not an Error',
      },
    ],
    ['return Promise.reject(new RangeError("later"))', { name: 'RangeError', message: 'later' }],
    ['return () => 1', { name: 'TypeError' }],
  ])('replies with the error of a failed task: %s', async (body, error) => {
    const [reply] = await replies(`export default () => { ${body} }`, 1);
    expect(reply).toMatchObject({ status: 'failed', lane: 3, error });
  });

  it('runs the teardown once, with the state, and aborts the signal', async () => {
    const lane = await laneOf(
      'export default { setup: () => ({ closed: 0 }), task: (_, { state, signal }) => [state.closed, signal.aborted], teardown: (state) => { state.closed++ } }',
    );
    await Promise.all([lane.close(), lane.close()]);
    expect(finished(fromWire(await runTask(lane, taskOf(0)))).digest).toBe('[1,true]');
  });

  it('refuses a module that is not a workload', async () => {
    await expect(laneOf('export const task = () => 1')).rejects.toThrow('it has no default export');
    await expect(laneOf('export default 5')).rejects.toThrow('its default export is a number');
    await expect(laneOf('export default { run() {} }')).rejects.toThrow('its default export has no `task` function');
  });
});
