import { describe, expect, it } from 'vitest';
import { DispatchQueue } from '../../dist/src/lanes/dispatch-queue.js';

type Queued = Parameters<DispatchQueue['push']>[0];

/** Items of Piscina's queue, of which only the identity matters here. */
function items(count: number): readonly Queued[] {
  return Array.from({ length: count }, () => ({}) as Queued);
}

function submitted(queue: DispatchQueue, tasks: readonly Queued[]): void {
  queue.begin(tasks.length);
  for (const [index, task] of tasks.entries()) {
    queue.submit(index);
    queue.push(task);
  }
}

describe('the queue of a pool of threads', () => {
  it('gives tasks in the order in which they were submitted', () => {
    const queue = new DispatchQueue();
    const tasks = items(3);
    submitted(queue, tasks);
    expect(queue.size).toBe(3);
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()]).toEqual([...tasks, null]);
    expect(queue.size).toBe(0);
  });

  it('knows when each task left it, and not while it is queued', () => {
    const queue = new DispatchQueue();
    submitted(queue, items(2));
    expect([queue.submittedNs(0), queue.submittedNs(1)]).toEqual([Number.NaN, Number.NaN]);
    queue.shift();
    expect(queue.submittedNs(0)).toBeGreaterThan(0);
    expect(queue.submittedNs(1)).toBe(Number.NaN);
  });

  it('takes back the task that found no free thread: it is the next one, and queued again', () => {
    const queue = new DispatchQueue();
    const [first, second] = items(2) as [Queued, Queued];
    submitted(queue, [first, second]);
    const found = queue.shift();
    queue.unshift(found as Queued);
    expect(queue.submittedNs(0)).toBe(Number.NaN);
    expect([queue.shift(), queue.shift()].map((task) => task === first)).toEqual([true, false]);
    expect(queue.submittedNs(0)).toBeLessThanOrEqual(queue.submittedNs(1));
  });

  it('puts the task that found no free thread behind the others if the order need not be kept', () => {
    const queue = new DispatchQueue();
    const tasks = items(3);
    submitted(queue, tasks);
    const first = queue.shift() as Queued;
    queue.push(first);
    expect(queue.submittedNs(0)).toBe(Number.NaN);
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual([tasks[1], tasks[2], first]);
    expect(queue.submittedNs(0)).toBeGreaterThanOrEqual(queue.submittedNs(2));
  });

  it('keeps the time of a task that is alone, finds no free thread and is put back', () => {
    const queue = new DispatchQueue();
    const [only] = items(1) as [Queued];
    submitted(queue, [only]);
    queue.push(queue.shift() as Queued);
    expect(queue.size).toBe(1);
    expect(queue.shift()).toBe(only);
    expect(queue.submittedNs(0)).toBeGreaterThan(0);
  });

  it('forgets a task that is removed, and keeps the others in order with their times', () => {
    const queue = new DispatchQueue();
    const tasks = items(3);
    submitted(queue, tasks);
    queue.remove(tasks[1] as Queued);
    queue.remove(items(1)[0] as Queued);
    expect(queue.size).toBe(2);
    expect(queue.shift()).toBe(tasks[0]);
    expect(queue.shift()).toBe(tasks[2]);
    expect(queue.submittedNs(1)).toBe(Number.NaN);
    expect(queue.submittedNs(2)).toBeGreaterThan(0);
  });

  it('takes tasks beyond the number that was announced', () => {
    const queue = new DispatchQueue();
    queue.begin(1);
    queue.submit(5);
    expect(queue.submittedNs(5)).toBeGreaterThan(0);
    expect(queue.submittedNs(4)).toBe(Number.NaN);
  });
});
