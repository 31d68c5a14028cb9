import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { renderTrace } from '../../../dist/src/report/exports/trace.js';
import { reportResults, run, wait } from '../../support/report-results.js';

interface Event {
  readonly name: string;
  readonly cat?: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid?: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: string;
  readonly args?: { readonly name?: string };
}

/** https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU, the phases that are used. */
const traceSchema = Type.Object({
  displayTimeUnit: Type.Union([Type.Literal('ms'), Type.Literal('ns')]),
  otherData: Type.Record(Type.String(), Type.String()),
  traceEvents: Type.Array(
    Type.Union([
      Type.Object({
        ph: Type.Literal('M'),
        name: Type.Union(['process_name', 'process_sort_index', 'thread_name'].map((name) => Type.Literal(name))),
        pid: Type.Integer(),
        args: Type.Object({}),
      }),
      Type.Object({
        ph: Type.Literal('X'),
        name: Type.String(),
        cat: Type.String(),
        pid: Type.Integer(),
        tid: Type.Integer(),
        ts: Type.Integer({ minimum: 0 }),
        dur: Type.Integer({ minimum: 0 }),
      }),
      Type.Object({
        ph: Type.Union([Type.Literal('b'), Type.Literal('e')]),
        name: Type.String(),
        cat: Type.String(),
        id: Type.String(),
        pid: Type.Integer(),
        tid: Type.Integer(),
        ts: Type.Integer({ minimum: 0 }),
      }),
    ]),
  ),
});

describe('trace.json', () => {
  const waiting = {
    ...reportResults(),
    timelines: [
      {
        cell: 'work/event-loop',
        slices: [
          run(0, 0, 1, 2),
          wait(0, 0, 2, 8),
          run(0, 0, 8, 9),
          wait(1, 0, 1, 2),
          run(1, 0, 2, 3),
          wait(1, 0, 3, 9.5),
        ],
      },
      { cell: 'work/worker-threads@2', slices: [run(0, 0, 0, 4), run(1, 1, 0.5, 4)] },
    ],
  };
  const parsed = JSON.parse(renderTrace(waiting)) as { traceEvents: Event[] };
  const events = parsed.traceEvents;

  it('conforms to the Trace Event Format', () => {
    expect(Compile(traceSchema).Errors(parsed)).toEqual([]);
  });

  it('names a process for each cell and a thread for each lane', () => {
    const named = events.filter(({ ph, name }) => ph === 'M' && name.endsWith('_name'));
    expect(named.map(({ args }) => args?.name)).toEqual([
      'work/event-loop',
      'main thread',
      'work/worker-threads@2',
      'worker thread 1',
      'worker thread 2',
    ]);
  });

  it('has times in microseconds since the batch was submitted', () => {
    const first = events.find(({ name, ph, pid }) => name === 'task 2' && ph === 'X' && pid === 2);
    expect(first).toMatchObject({ ts: 500, dur: 3500, tid: 2 });
  });

  it('has on each track only nested or disjoint slices', () => {
    const tracks = groupByTrack(events);
    for (const own of tracks.values()) {
      const slices = own.filter(({ ph }) => ph === 'X').map(({ ts = 0, dur = 0 }) => [ts, ts + dur] as const);
      for (const [index, [from, to]] of slices.entries())
        for (const [otherFrom, otherTo] of slices.slice(index + 1))
          expect((otherFrom >= from && otherTo <= to) || otherFrom >= to || otherTo <= from).toBe(true);
    }
  });

  it('nests asynchronous events like a stack, in order of time', () => {
    const stacks = new Map<string, string[]>();
    let last = new Map<number, number>();
    for (const { ph, id = '', cat = '', name, ts = 0, pid } of events.filter(({ ph: phase }) => phase !== 'M')) {
      expect(ts).toBeGreaterThanOrEqual(last.get(pid) ?? 0);
      last = new Map([...last, [pid, ts]]);
      const stack = stacks.get(`${cat} ${id}`) ?? [];
      stacks.set(`${cat} ${id}`, stack);
      if (ph === 'b') stack.push(name);
      const closed = ph === 'e' ? stack.pop() : name;
      expect(closed).toBe(name);
    }
    expect([...stacks.values()].flat()).toEqual([]);
    const waits = events.filter(({ name, ph }) => name === 'waiting' && ph === 'b');
    expect(waits.map(({ id, ts }) => [id, ts])).toEqual([
      ['1.2', 1000],
      ['1.1', 2000],
      ['1.2', 3000],
    ]);
  });
});

function groupByTrack(events: readonly Event[]): Map<string, Event[]> {
  const tracks = new Map<string, Event[]>();
  for (const event of events) {
    const key = `${event.pid}.${event.tid}`;
    tracks.set(key, [...(tracks.get(key) ?? []), event]);
  }
  return tracks;
}
