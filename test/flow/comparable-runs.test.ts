import { describe, expect, it } from 'vitest';
import {
  compareKept,
  differenceOfMachines,
  namesOf,
  requireCommonCells,
  requireSameMachine,
} from '../../dist/src/flow/comparable-runs.js';
import type { NotComparable, RunComparison } from '../../dist/src/model/comparison.js';
import type { Environment, Results } from '../../dist/src/model/results.js';
import { comparableRun } from '../../dist/src/stats/comparable-run.js';
import { around } from '../support/measured.js';
import { cellOf, resultsOf } from '../support/results.js';

const { environment: HERE } = resultsOf();

describe('two machines', () => {
  const differenceWith = (given: Partial<Environment>): string | undefined =>
    differenceOfMachines(HERE, { ...HERE, ...given });

  it('differ in their CPU, their number, the architecture or the system, of which the first is named', () => {
    expect(differenceWith({ cpuModel: 'Another', arch: 'arm64' })).toBe('CPU: "A CPU", now "Another"');
    expect(differenceWith({ cores: 4 })).toBe('usable CPUs: 2, now 4');
    expect(differenceWith({ os: 'darwin 25', arch: 'arm64' })).toBe('architecture: "x64", now "arm64"');
    expect(differenceWith({ os: 'darwin 25' })).toBe('system: "linux 6", now "darwin 25"');
  });

  it('do not differ in the release of the system, in memory, or in Node', () => {
    expect(differenceWith({ os: 'linux 7', memoryBytes: 1, node: 'v22.0.0' })).toBeUndefined();
  });
});

describe('runs that may not be compared', () => {
  const refused = (given: Partial<Environment>) => () => {
    requireSameMachine('old.json', { ...HERE, ...given }, HERE);
  };

  it('are of different machines, or of different major versions of Node', () => {
    expect(refused({ cores: 4 })).toThrow('old.json was measured on another machine (usable CPUs: 4, now 2)');
    expect(refused({ node: 'v22.1.0' })).toThrow('old.json was measured with another Node (v22.1.0, now v20.0.0)');
    expect(refused({ node: 'v20.19.5' })).not.toThrow();
  });

  it('have no configuration in common, unless one fails now, or is in doubt', () => {
    const because =
      (...reasons: readonly NotComparable[]) =>
      () => {
        const notComparable = reasons.map((reason) => ({ cell: 'work/event-loop', because: reason }));
        const comparison = { changes: [], notComparable, configurations: [] } as unknown as RunComparison;
        requireCommonCells(comparison, 'old.json', 'new.json');
      };
    expect(because()).toThrow('old.json and new.json have no configuration in common');
    expect(because('only-old', 'only-new')).toThrow('Two files are compared in one run: lanewise run old.js new.js --');
    expect(because('other-batch')).toThrow('old.json and new.json have nothing that can be compared. work');
    expect(because('only-old', 'other-batch')).toThrow(
      'have nothing that can be compared. work/event-loop is not compared: the batches differ in size; give both runs the same --tasks.',
    );
    expect(because('only-old', 'only-new')).toThrow(
      'work/event-loop is not compared: only in the old run. work/event-loop is not compared: only in the new run.',
    );
    expect(because('only-old', 'failed-now')).not.toThrow();
    expect(because('withheld')).not.toThrow();
  });
});

describe('a run beside several earlier ones', () => {
  const run = (wallMs: number, given: Partial<Results> = {}) => ({
    name: `${wallMs}.json`,
    results: resultsOf({
      startedAt: `2026-11-26T00:00:00.${wallMs}Z`,
      cells: [cellOf({ id: 'work/event-loop', wallsMs: around(wallMs) })],
      ...given,
    }),
  });
  const current = run(100);
  const compared = (olds: readonly [ReturnType<typeof run>, ...ReturnType<typeof run>[]], minEffect?: number) =>
    compareKept(olds, current, { minEffect, remedy: '--force' }, comparableRun);

  it('is compared with all of them, at its own minimum effect if none is given', () => {
    const { changes, minEffect } = compared([run(101), run(102)]);
    expect(changes).toMatchObject([{ cell: 'work/event-loop', oldRuns: 2 }]);
    expect(minEffect).toBe(current.results.options.minEffect);
    expect(compared([run(101)], 0.2).minEffect).toBe(0.2);
  });

  it('is none of them, and each of them is another one', () => {
    expect(() => compared([run(101), run(100)])).toThrow('100.json and 100.json are the same run');
    expect(() => compared([run(101), run(102), { ...run(101), name: 'copy.json' }])).toThrow(
      '101.json and copy.json are the same run: give each earlier one once.',
    );
  });

  it('names the first earlier one, and counts the others', () => {
    expect(namesOf(['a.json'])).toBe('a.json');
    expect(namesOf(['a.json', 'b.json', 'c.json'])).toBe('a.json and 2 more');
    const others = { cells: [cellOf({ id: 'work/worker-threads@2', wallsMs: around(50) })] };
    expect(() => compared([run(101, others), run(102, others)])).toThrow(
      '101.json and 1 more and 100.json have no configuration in common',
    );
  });
});
