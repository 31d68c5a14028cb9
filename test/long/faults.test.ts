/**
 * Every fault in every strategy, and the table of them in docs/reliability.md: `npm run faults` writes it, this test
 * holds it against what is seen. Apart from the other tests, since it takes two minutes.
 */
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAULTS, type FaultName } from '../../dist/scripts/reliability/faults.js';
import { FAULT_HEADS, measureFault, outcomeOf } from '../../dist/scripts/reliability/fault-table.js';
import { STRATEGY_NAMES } from '../../dist/src/model/strategies.js';
import { writeDocs } from '../../dist/scripts/docs/write-docs.js';
import type { MeasuredGroup } from '../../dist/src/model/measured.js';
import { processesWith } from '../../dist/scripts/reliability/processes.js';

const DOCS = fileURLToPath(new URL('../../docs/reliability.md', import.meta.url));
/** A mode of vitest's does not reach its projects. */
const IS_WRITING = process.env.npm_lifecycle_event === 'faults';
/** Large enough to fill every pipe; the table is written with the full size. */
const MIB = IS_WRITING ? 200 : 16;
/** The words of exits and signals are those of the system on which the table was made. */
const isComparable = process.platform === 'linux' && process.version.startsWith('v20.');

const faults = Object.keys(FAULTS) as FaultName[];
const documented = new Map(
  readFileSync(DOCS, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((text) => text.trim()))
    .map(([, fault = '', ...outcomes]) => [fault, outcomes.slice(0, -1)] as const),
);
const seen = new Map<FaultName, readonly string[]>();

const folders = (): string[] => readdirSync(tmpdir()).filter((name) => /^lanewise-\w{6}$/.test(name));
const mark = `LANEWISE_FAULTS=${randomUUID()}`;
let foldersBefore: readonly string[] = [];

beforeAll(() => {
  const [name = '', value] = mark.split('=');
  process.env[name] = value;
  foldersBefore = folders();
});

/** What does no harm is only tried out where the table is written: it takes half the time without. */
function isCalibrated(fault: FaultName): boolean {
  return IS_WRITING || fault === 'fails in the third block' || documented.get(fault)?.at(-1) !== 'measured';
}

/** Two at a time: most of what they take is the start of processes. */
function startAll(all: readonly FaultName[]): ReadonlyMap<FaultName, Promise<MeasuredGroup>> {
  const lanes: Promise<unknown>[] = [Promise.resolve(), Promise.resolve()];
  return new Map(
    all.map((fault, index) => {
      const lane = index % lanes.length;
      const measuring = (lanes[lane] ?? Promise.resolve()).then(() =>
        measureFault(fault, { mib: MIB, isCalibrated: isCalibrated(fault) }),
      );
      // Whether it succeeded is asked where it is awaited.
      lanes[lane] = measuring.catch(() => undefined);
      return [fault, measuring];
    }),
  );
}

/** Of a host that was killed, or cannot be reached, nothing more may be known. */
function isLostWithHost(expected: string | undefined): expected is string {
  return expected === 'signal SIGKILL' || expected === 'ProtocolError' || expected === 'exit code 1';
}

const SMALL_HEAP: FaultName = 'exhausts the heap';
let running: ReadonlyMap<FaultName, Promise<MeasuredGroup>> | undefined;

function check(fault: FaultName, measure: () => Promise<MeasuredGroup> | undefined): void {
  describe(`a task that ${fault}`, () => {
    let measured: MeasuredGroup | undefined;
    beforeAll(async () => {
      measured = await measure();
      seen.set(fault, measured?.cells.slice(0, STRATEGY_NAMES.length).map(outcomeOf) ?? []);
    }, 200_000);

    it.each(STRATEGY_NAMES.map((strategy, index) => [strategy, index] as const))('in %s', (_strategy, index) => {
      const cell = measured?.cells[index];
      if (cell === undefined) throw new Error('there is no such cell');
      const outcome = outcomeOf(cell);
      // It says why, or has all its samples.
      expect(cell.error === undefined ? cell.samples.length : cell.error.message).toSatisfy(
        (found: unknown) => found === measured?.group.blocks.length || (typeof found === 'string' && found !== ''),
      );
      const expected = isComparable && !IS_WRITING ? documented.get(fault)?.[index] : outcome;
      // On a busy machine the other task may not have ended in time either, and then it is not known which one hangs.
      const isLate = outcome === 'too late' && expected?.startsWith('too late') === true;
      // What a host knew is lost with it, unless it came to tell in time: then it has to be the right task.
      const isLucky = isLostWithHost(expected) && outcome.startsWith(expected);
      // Whether an event loop without its descriptors goes on is a matter of moments.
      const isRuin =
        fault === 'closes the descriptors around it' && /^(?:measured|signal SIGABRT|too late)/.test(outcome);
      expect(isLate || isLucky || isRuin ? expected : outcome, cell.error?.message).toBe(expected);
    });

    it('does the others no harm', () => {
      const beside = measured?.cells.at(-1);
      // Which of two results is right, nobody knows.
      const isEqual = fault !== 'gives another result in every lane';
      expect(beside?.error?.name).toBe(isEqual ? undefined : 'UnequalWorkError');
      expect(beside?.samples).toHaveLength(isEqual ? (measured?.group.blocks.length ?? Number.NaN) : 0);
    });
  });
}

for (const fault of faults.filter((name) => name !== SMALL_HEAP)) {
  check(fault, () => {
    running ??= startAll(faults.filter((name) => name !== SMALL_HEAP));
    return running.get(fault);
  });
}

describe('with a heap of 64 MiB', () => {
  const before = process.env.NODE_OPTIONS;
  beforeAll(() => {
    process.env.NODE_OPTIONS = '--max-old-space-size=64';
  });
  afterAll(() => {
    if (before === undefined) delete process.env.NODE_OPTIONS;
    else process.env.NODE_OPTIONS = before;
  });
  check(SMALL_HEAP, () => measureFault(SMALL_HEAP, { mib: MIB, isCalibrated: true }));
});

describe('when all is over', () => {
  it.runIf(process.platform === 'linux')('no process is left, and no folder', async () => {
    await expect.poll(() => processesWith(mark), { timeout: 10_000 }).toEqual([]);
    expect(folders().filter((name) => !foldersBefore.includes(name))).toEqual([]);
  });
});

afterAll(() => {
  if (!IS_WRITING) return;
  const table = markdownTable([FAULT_HEADS.slice(), ...[...seen].map(([fault, outcomes]) => [fault, ...outcomes])]);
  const made = `Made on ${new Date().toISOString().slice(0, 10)} by \`npm run faults\`, Node ${process.version}, ${process.platform}.`;
  writeDocs('reliability.md', 'faults', `${made}\n\n${table}`);
});
