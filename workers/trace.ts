import { AsyncResource, createHook, executionAsyncId } from 'node:async_hooks';
import { nowNs } from './clock.ts';
import type { Nanoseconds } from './contract.ts';

type Run = [Nanoseconds, Nanoseconds];

/** A longer timeline would be unreadable. */
const RUNS_LIMIT = 2000;

/**
 * Calls `body` and records when the lane's thread runs it or anything that it starts, as [from, to] pairs: between two
 * of them, it waits. Async hooks slow down all promises of the lane, so this is only for timelines, never for measured
 * batches.
 */
export function traced<Result>(body: () => Result): { result: Result; runs: () => Run[] } {
  hook.enable();
  const runs: Run[] = [];
  const resource = new AsyncResource('LanewiseTask', { requireManualDestroy: true });
  owners.set(resource.asyncId(), runs);
  const beganNs = nowNs();
  const result = resource.runInAsyncScope(body);
  // Bun calls no hooks: until its first `await`, the task runs; what follows is not known.
  if (runs.length === 0) runs.push([beganNs, nowNs()]);
  return { result, runs: () => closedRuns(runs) };
}

const owners = new Map<number, Run[]>();
/** The tasks whose code is on the stack, innermost last; undefined for code of no task. */
const running: (Run[] | undefined)[] = [];

const hook = createHook({
  init(asyncId) {
    const owner = owners.get(executionAsyncId());
    if (owner !== undefined) owners.set(asyncId, owner);
  },
  before(asyncId) {
    switchTo(owners.get(asyncId));
  },
  after() {
    const ended = running.pop();
    stop(ended);
    start(running.at(-1));
  },
  destroy(asyncId) {
    owners.delete(asyncId);
  },
});

function switchTo(owner: Run[] | undefined): void {
  stop(running.at(-1));
  running.push(owner);
  start(owner);
}

function start(owner: Run[] | undefined): void {
  if (owner === undefined || owner.length >= RUNS_LIMIT) return;
  const now = nowNs();
  owner.push([now, now]);
}

function stop(owner: Run[] | undefined): void {
  const last = owner?.at(-1);
  if (last !== undefined) last[1] = nowNs();
}

/** Called while the task's last run may still be open. */
function closedRuns(runs: Run[]): Run[] {
  if (running.at(-1) === runs) stop(runs);
  return runs;
}
