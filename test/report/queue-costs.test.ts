import { expect, it } from 'vitest';
import type { Cell, MeasuredCell, Results } from '../../dist/src/model/results.js';
import { queueCosts } from '../../dist/src/report/queue-costs.js';
import { groupResults } from '../../dist/src/stats/groups.js';
import { cellOf, resultsOf } from '../support/results.js';

/** Each of the four tasks of a batch runs for 10 ms. */
function queued(given: Partial<MeasuredCell['summary']['queue']> = {}, concurrency: number | 'all' = 1): MeasuredCell {
  const cell = cellOf({ id: 'work/bullmq@2', strategy: 'bullmq', poolSize: 2, wallsMs: [40, 40, 40] });
  const queue = { producerMs: 0.5, producerMainMs: 0.4, serverMs: 0.2, workersMs: 11, ...given };
  return { ...cell, concurrency, summary: { ...cell.summary, gapMs: 0.8, cpuMsPerTask: 11.7, startupMs: 250, queue } };
}

function children(): MeasuredCell {
  const cell = cellOf({ id: 'work/child-processes@2', wallsMs: [30, 30, 30] });
  return { ...cell, summary: { ...cell.summary, gapMs: 0.1 } };
}

type Server = NonNullable<Results['options']['queue']>['server'];

function textOf(
  cells: Cell[],
  server: Server = 'redis',
  { warnings = [], ...options }: Pick<Results['options'], 'predict'> & Partial<Pick<Results, 'warnings'>> = {},
): string {
  const queue = { bullmq: '6.7.0', server, version: '7.0.15', isOwn: true };
  const results = resultsOf({ cells, warnings, options: { ...resultsOf().options, ...options, queue } });
  return JSON.stringify(queueCosts(groupResults(results), results) ?? null);
}

it('the costs of a queue are those of its parts, beside child processes, with the most workers that it can feed', () => {
  const text = textOf([children(), queued({ serverStartupMs: 40, serverMemoryMiB: 12.5 })]);
  expect(text).toContain(
    'work: with 2 BullMQ workers, a worker waits 0.800 ms between two tasks on average; with 2 child processes, 0.100 ms.',
  );
  expect(text).toContain('CPU time per task: 11.7 ms (producer 0.500, Redis 0.200, workers 11.0).');
  // 10 ms / 0.4 ms.
  expect(text).toContain(
    'At that, one producer and one server can keep at most 25 workers busy with tasks of 10.0 ms: the main thread of the producer then uses a whole CPU.',
  );
  expect(text).toContain('Redis starts in 40.0 ms and takes up to 13 MiB of memory.');
});

it('the part of a queue that uses a whole CPU first limits it; PostgreSQL has more than one process', () => {
  expect(textOf([queued({ serverMs: 2 })])).toContain('at most 5 workers busy with tasks of 10.0 ms: Redis then');
  expect(textOf([queued({ serverMs: 2 })], 'postgres')).toContain('at most 25 workers busy');
  expect(textOf([queued({ serverMs: 20 })])).toContain('cannot keep one worker busy');
});

it('no limit of a queue is named where it is not known', () => {
  const { producerMainMs: _unknown, ...rest } = queued().summary.queue ?? { producerMs: 0, workersMs: 0 };
  const cell = queued();
  expect(textOf([{ ...cell, summary: { ...cell.summary, queue: rest } }])).not.toContain('busy');
  expect(textOf([queued({}, 4)])).not.toContain('busy');
});

it('the costs of a queue name why other numbers of its workers are not predicted, where that was asked for', () => {
  const why = 'Other numbers of workers are not predicted: the model has no server, whose time all workers share.';
  expect(textOf([queued()], 'redis', { predict: { lanes: [8], cores: null } })).toContain(why);
  expect(textOf([queued()])).not.toContain(why);
});

it('the costs of a queue are not shown without one, or where the times are in doubt', () => {
  expect(textOf([children()])).toBe('null');
  const taken = { kind: 'taken-cpus', workload: 'work', cores: 2, freeCpus: 1, neededCpus: 2, loopCpus: null } as const;
  expect(textOf([queued()], 'redis', { warnings: [taken] })).toBe('null');
});
