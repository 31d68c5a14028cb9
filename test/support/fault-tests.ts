/** Faults in every strategy, whose outcomes are compared with their table in docs/reliability.md. */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultName } from '../../dist/scripts/reliability/faults.js';
import { FAULT_STRATEGIES, measureFault, outcomeOf } from '../../dist/scripts/reliability/fault-table.js';
import { STRATEGY_NAMES } from '../../dist/src/model/strategies.js';
import { startQueueServer } from '../../dist/src/queue/queue-server.js';
import type { MeasuredGroup } from '../../dist/src/model/measured.js';
import { processesWith } from '../../dist/scripts/reliability/processes.js';

const DOCS = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
/** Vitest does not pass its mode on to projects. */
export const IS_WRITING = process.env.npm_lifecycle_event === 'faults';
/** Large enough to fill every pipe; the table is written with the full size. */
const SMALL_MIB = 16;
const MIB = IS_WRITING ? 200 : SMALL_MIB;
/** Texts of exits and signals are those of the system on which the table was made. */
const isComparable = process.platform === 'linux' && process.version.startsWith('v20.');

async function isInstalled(kind: 'redis' | 'postgres'): Promise<boolean> {
  return startQueueServer(kind).then(
    (server) => server.close().then(() => true),
    () => false,
  );
}

/** Without a server for its queue, the last one is left out. */
const strategies = IS_WRITING || (await isInstalled('redis')) ? FAULT_STRATEGIES : STRATEGY_NAMES;
const hasPostgres = await isInstalled('postgres');
/** A fault for each way in which a queue can return a result, or none. */
export const CORE_OF_QUEUES: readonly FaultName[] = [
  'throws an Error',
  'never settles',
  'kills its process',
  'returns a BigInt',
  'takes an input that cannot be cloned',
];

const documented = new Map(
  readFileSync(DOCS, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((text) => text.trim()))
    .map(([, fault = '', ...outcomes]) => [fault, outcomes.slice(0, -1)] as const),
);
/** What was found, by its fault. */
export const seen = new Map<FaultName, readonly string[]>();

const folders = (): string[] => readdirSync(tmpdir()).filter((name) => /^lanewise-(?:redis-)?\w{6}$/.test(name));
const mark = `LANEWISE_FAULTS=${randomUUID()}`;
/** Harmless faults are only calibrated when the table is written, since they take half the time without. */
function isCalibrated(fault: FaultName): boolean {
  return IS_WRITING || fault === 'fails in the third block' || documented.get(fault)?.at(-1) !== 'measured';
}

/** Two at a time, since most of the time is the start of processes. */
function startAll(all: readonly FaultName[], queueServer?: 'postgres'): ReadonlyMap<FaultName, Promise<MeasuredGroup>> {
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  return new Map(
    all.map((fault, index) => {
      const lane = index % lanes.length;
      const measuring = (lanes[lane] ?? Promise.resolve()).then(() =>
        measureFault(fault, {
          // PostgreSQL keeps no text of more than 256 MiB, as which a buffer is kept.
          mib: queueServer === undefined ? MIB : SMALL_MIB,
          isCalibrated: isCalibrated(fault),
          ...(queueServer === undefined ? { strategies } : { strategies: ['bullmq'], queueServer }),
        }),
      );
      // Its outcome is checked where it is awaited.
      lanes[lane] = measuring.catch(() => undefined);
      return [fault, measuring];
    }),
  );
}

/** What they do to their process happens to the host, or is told by one that does not run the task. */
const MAY_LOSE_HOST: ReadonlySet<string> = new Set(['worker-threads', 'thread-per-task', 'bullmq']);
const LOSSES: ReadonlySet<string> = new Set(['signal SIGKILL', 'ProtocolError', 'exit code 1']);

/** A host that was killed or cannot be reached may have reported its task, as it should be, or nothing more. */
function isLostWithHost(strategy: string, expected: string | undefined, outcome: string): boolean {
  const [loss = '', ...rest] = outcome.split(',');
  const isOfAnother = rest.some((part) => part.startsWith(' task') && part !== ' task 2');
  return MAY_LOSE_HOST.has(strategy) && LOSSES.has(loss) && expected?.split(',')[0] === loss && !isOfAnother;
}

const BEHIND_RESULTS: ReadonlySet<FaultName> = new Set([
  'leaves a rejection behind its result',
  'throws from a timer after its result',
]);

/** The outcome, or the expected one if both are as good. */
function accepted(outcome: string, fault: FaultName, strategy: string, expected: string | undefined) {
  // On a busy machine the other task may be late, too, and then it is unknown which one hangs.
  const isLate = outcome === 'too late' && expected?.startsWith('too late') === true;
  const isLucky = isLostWithHost(strategy, expected, outcome);
  // It depends on timing whether an event loop without its descriptors continues.
  const isRuin =
    fault === 'closes the descriptors around it' &&
    /^(?:measured|signal SIGABRT|too late|uncaught Error)/.test(outcome);
  // By then another task may run in that worker; and one that has only this task may end before a timer is due.
  const isBehind = BEHIND_RESULTS.has(fault) && outcome.split(',')[0] === expected?.split(',')[0];
  const isAtEnd =
    fault === 'throws from a timer after its result' &&
    strategy.endsWith('-per-task') &&
    /^(?:measured|uncaught Error)/.test(outcome);
  return isLate || isLucky || isRuin || isBehind || isAtEnd ? expected : outcome;
}

const SMALL_HEAP: FaultName = 'exhausts the heap';

function check(fault: FaultName, measure: () => Promise<MeasuredGroup> | undefined): void {
  describe(`a task that ${fault}`, () => {
    let measured: MeasuredGroup | undefined;
    beforeAll(async () => {
      measured = await measure();
      seen.set(fault, measured?.cells.slice(0, strategies.length).map(outcomeOf) ?? []);
    }, 200_000);

    it.each(strategies.map((strategy, index) => [strategy, index] as const))('in %s', (strategy, index) => {
      const cell = measured?.cells[index];
      if (cell === undefined) throw new Error('there is no such cell');
      const outcome = outcomeOf(cell);
      // It has an error, or all its samples.
      expect(cell.error === undefined ? cell.samples.length : cell.error.message).toSatisfy(
        (found: unknown) => found === measured?.group.blocks.length || (typeof found === 'string' && found !== ''),
      );
      const expected = isComparable && !IS_WRITING ? documented.get(fault)?.[index] : outcome;
      expect(accepted(outcome, fault, strategy, expected), cell.error?.message).toBe(expected);
    });

    it('does not affect other cells', () => {
      const beside = measured?.cells.at(-1);
      // Nobody knows which of two results is right.
      const isEqual = fault !== 'gives another result in every worker';
      expect(beside?.error?.name).toBe(isEqual ? undefined : 'UnequalWorkError');
      expect(beside?.samples).toHaveLength(isEqual ? (measured?.group.blocks.length ?? Number.NaN) : 0);
    });
  });
}

/** Declares their tests: of these faults on all strategies, and of some of them also for a queue on PostgreSQL. */
export function testFaults(faults: readonly FaultName[], onPostgres: readonly FaultName[]): void {
  let foldersBefore: readonly string[] = [];
  beforeAll(() => {
    const [name = '', value] = mark.split('=');
    process.env[name] = value;
    foldersBefore = folders();
  });

  const usual = faults.filter((name) => name !== SMALL_HEAP);
  let running: ReadonlyMap<FaultName, Promise<MeasuredGroup>> | undefined;
  for (const fault of usual) {
    check(fault, () => {
      running ??= startAll(usual);
      return running.get(fault);
    });
  }

  describe.skipIf(!faults.includes(SMALL_HEAP))('with a heap of 64 MiB', () => {
    const before = process.env.NODE_OPTIONS;
    beforeAll(() => {
      process.env.NODE_OPTIONS = '--max-old-space-size=64';
    });
    afterAll(() => {
      if (before === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = before;
    });
    check(SMALL_HEAP, () => measureFault(SMALL_HEAP, { mib: MIB, isCalibrated: true, strategies }));
  });

  describe.skipIf(!hasPostgres)('a queue on PostgreSQL, where every fault has the outcome that it has on Redis', () => {
    const chosen = onPostgres.filter((name) => name !== SMALL_HEAP);
    let started: ReadonlyMap<FaultName, Promise<MeasuredGroup>> | undefined;
    it.each(chosen)(
      'a task that %s',
      async (fault) => {
        started ??= startAll(chosen, 'postgres');
        const measured = await started.get(fault);
        const cell = measured?.cells[0];
        if (cell === undefined) throw new Error('there is no such cell');
        const outcomes = IS_WRITING || !isComparable ? seen.get(fault) : documented.get(fault);
        const expected = outcomes?.[FAULT_STRATEGIES.indexOf('bullmq')] ?? outcomeOf(cell);
        expect(accepted(outcomeOf(cell), fault, 'bullmq', expected), cell.error?.message).toBe(expected);
      },
      200_000,
    );
  });

  describe('after all faults', () => {
    it.runIf(process.platform === 'linux')('no process and no folder is left', async () => {
      await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
      expect(folders().filter((name) => !foldersBefore.includes(name))).toEqual([]);
    });
  });
}
