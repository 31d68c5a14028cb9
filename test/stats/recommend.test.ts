import { describe, expect, it } from 'vitest';
import type { MeasuredCell } from '../../dist/src/model/results.js';
import { recommend } from '../../dist/src/stats/recommend.js';
import { cellOf, type CellSpec } from '../support/results.js';
import { around, LOOP, OPTIONS, threads } from '../support/choices.js';

const BLOCKS = 12;

/** Wall times that say nothing at all. */
const noisy = (wallMs: number): number[] =>
  Array.from({ length: BLOCKS }, (_, block) => wallMs * (block % 2 === 0 ? 0.5 : 1.5));

describe('recommend', () => {
  it('chooses the one that every other was shown to be slower than', () => {
    const found = recommend([LOOP, threads(2, around(50))].map(cellOf), OPTIONS);
    expect(found).toMatchObject({ choose: 'threads@2', fastest: 'threads@2', tied: ['threads@2'] });
  });

  it('chooses the fewest lanes of a tie, and names the whole tie', () => {
    const found = recommend(
      [LOOP, threads(2, around(50)), threads(4, around(49.5)), threads(8, around(49))].map(cellOf),
      OPTIONS,
    );
    expect(found?.fastest).toBe('threads@8');
    expect(found?.choose).toBe('threads@2');
    expect(found?.tied).toEqual(['threads@2', 'threads@4', 'threads@8']);
  });

  it('counts the main loop as no lane at all', () => {
    expect(recommend([threads(1, around(100)), LOOP].map(cellOf), OPTIONS)?.choose).toBe('loop');
  });

  it('chooses the least CPU time of as few lanes, then the least memory', () => {
    const costly = threads(2, around(50), { cpuMs: 20, memoryMiB: 10 });
    const processes: CellSpec = {
      ...threads(2, around(50), { cpuMs: 10, memoryMiB: 40 }),
      id: 'processes@2',
      strategy: 'child-processes',
    };
    const lean: CellSpec = { ...processes, id: 'lean@2', memoryMiB: 20 };
    expect(recommend([LOOP, costly, processes].map(cellOf), OPTIONS)?.choose).toBe('processes@2');
    expect(recommend([LOOP, costly, processes, lean].map(cellOf), OPTIONS)?.choose).toBe('lean@2');
  });

  it('drops a cell that any other beats, even if the one that looks fastest is too noisy to', () => {
    const found = recommend([LOOP, threads(2, around(80)), threads(4, noisy(60))].map(cellOf), OPTIONS);
    expect(found?.fastest).toBe('threads@4');
    expect(found?.tied).not.toContain('loop');
    // Of those that beat the baseline, only it looks as close to the best.
    expect(found?.choose).toBe('threads@4');
  });

  it('leads away from the baseline only to what was shown to beat it', () => {
    // Eight lanes beat the loop; one lane is noise, and so not shown to be slower than anything.
    const found = recommend([LOOP, threads(1, noisy(90)), threads(8, around(80))].map(cellOf), OPTIONS);
    expect(found?.tied).toEqual(['threads@1', 'threads@8']);
    expect(found?.choose).toBe('threads@8');
  });

  it('has nothing to recommend when there are too few blocks to tell anything apart', () => {
    const cells = [LOOP, threads(2, around(25))].map((spec) => cellOf({ ...spec, wallsMs: spec.wallsMs.slice(0, 3) }));
    expect(recommend(cells, OPTIONS)).toBeUndefined();
  });

  it('has nothing to recommend where nothing was measured, or a single configuration', () => {
    expect(recommend([], OPTIONS)).toBeUndefined();
    expect(recommend([cellOf(LOOP)], OPTIONS)).toBeUndefined();
    expect(recommend([cellOf(threads(2, around(50)))], OPTIONS)).toBeUndefined();
  });

  it('chooses the one that a race has left', () => {
    const choose = { choose: 'loop', fastest: 'loop', tied: ['loop'] };
    expect(recommend([cellOf(LOOP)], { ...OPTIONS, dropped: 3 })).toMatchObject(choose);
    expect(recommend([], { ...OPTIONS, dropped: 3 })).toBeUndefined();
  });

  it('says what told the choice from the rest of its tie', () => {
    const reason = (specs: readonly CellSpec[]): string | undefined => recommend(specs.map(cellOf), OPTIONS)?.chosenFor;
    const twins = (first: Partial<CellSpec>, second: Partial<CellSpec>): CellSpec[] => [
      LOOP,
      threads(2, around(50), first),
      { ...threads(2, around(50), second), id: 'other' },
    ];
    expect(reason([LOOP, threads(2, around(50))])).toBe('only');
    expect(reason([LOOP, threads(2, around(50)), threads(4, around(50))])).toBe('fewest-workers');
    expect(reason([LOOP, threads(1, noisy(90)), threads(8, around(80))])).toBe('beats-baseline');
    expect(reason(twins({ cpuMs: 10 }, { cpuMs: 20 }))).toBe('least-cpu');
    expect(reason(twins({ memoryMiB: 40 }, { memoryMiB: 20 }))).toBe('least-memory');
    expect(reason(twins({}, {}))).toBe('first');
    expect(reason([LOOP, { ...LOOP, id: 'loop#2' }])).toBe('baseline');
  });

  describe('with a goal', () => {
    const goal = { for: 'throughput', minThroughput: 0.9, maxMemoryMiB: null, maxPoolSize: 8 } as const;
    const withP99 = (spec: CellSpec, p99: number): MeasuredCell => {
      const cell = cellOf(spec);
      return {
        ...cell,
        samples: cell.samples.map((sample, index) => ({
          ...sample,
          taskMs: { ...sample.taskMs, p99: p99 * (1 + (index % 3) * 0.01) },
        })),
      };
    };

    it('chooses nothing beyond the limits, however fast', () => {
      const cells = [LOOP, threads(2, around(60), { memoryMiB: 90 }), threads(8, around(40))].map(cellOf);
      expect(recommend(cells, { ...OPTIONS, goal: { ...goal, maxPoolSize: 4 } })?.choose).toBe('threads@2');
      expect(recommend(cells, { ...OPTIONS, goal: { ...goal, maxPoolSize: 4, maxMemoryMiB: 64 } })?.choose).toBe(
        'loop',
      );
    });

    it('chooses nothing at all if nothing is within the limits', () => {
      const cells = [threads(2, around(60)), threads(8, around(40))].map(cellOf);
      expect(recommend(cells, { ...OPTIONS, goal: { ...goal, maxPoolSize: 1 } })).toBeUndefined();
    });

    it('chooses nothing that looks worse than the best by more than half of the minimum effect, though it was not shown to be', () => {
      const unsure = threads(1, noisy(70));
      const cells = [LOOP, unsure, { ...threads(2, around(50)), id: 'best' }].map(cellOf);
      expect(recommend(cells, OPTIONS)?.tied).toEqual(['threads@1', 'best']);
      expect(recommend(cells, { ...OPTIONS, goal })).toMatchObject({ choose: 'best', tied: ['threads@1', 'best'] });
      // What looks as good is still chosen if it is cheaper: 2% of a margin of 5%, and not 4%.
      const beside = (wallMs: number): string | undefined => {
        const both = [LOOP, threads(1, around(wallMs)), { ...threads(2, around(50)), id: 'best' }].map(cellOf);
        return recommend(both, { ...OPTIONS, goal })?.choose;
      };
      expect(beside(51)).toBe('threads@1');
      expect(beside(52)).toBe('best');
      expect(recommend(cells, { ...OPTIONS, goal })?.because).toContain(
        'no other is significantly faster than the baseline',
      );
    });

    it('chooses of as few lanes and the same concurrency the fastest, before what costs less', () => {
      const lean = threads(2, around(51), { cpuMs: 5 });
      const quick = { ...threads(2, around(50), { cpuMs: 10 }), id: 'processes@2', strategy: 'child-processes' };
      const cells = [LOOP, lean, quick].map(cellOf);
      expect(recommend(cells, OPTIONS)?.choose).toBe('threads@2');
      expect(recommend(cells, { ...OPTIONS, goal })).toMatchObject({
        choose: 'processes@2',
        because: 'fastest, tied with one other configuration, and it looks best of those with as few workers',
        chosenFor: 'looks-best',
      });
    });

    it('chooses of as few lanes the plainest concurrency, with and without a goal', () => {
      const at = (concurrency: MeasuredCell['concurrency'], wallMs: number): MeasuredCell => ({
        ...cellOf({ ...threads(2, around(wallMs), { cpuMs: wallMs }), id: `threads@2x${concurrency}` }),
        concurrency,
      });
      const [one, four, all] = [at(1, 51), at(4, 50), at('all', 50.5)] as const;
      for (const options of [OPTIONS, { ...OPTIONS, goal }]) {
        expect(recommend([cellOf(LOOP), all, four, one], options)).toMatchObject({
          choose: 'threads@2x1',
          fastest: 'threads@2x4',
          chosenFor: 'plainest',
        });
        expect(recommend([cellOf(LOOP), all, four], options)?.choose).toBe('threads@2x4');
        // More than half of the minimum effect is worth more tasks at once.
        expect(recommend([cellOf(LOOP), at(1, 52), all], options)?.choose).toBe('threads@2xall');
      }
    });

    it('leaves the event loop as it is, all tasks at once, if a limit gains nothing', () => {
      const limited = { ...cellOf({ ...LOOP, id: 'loop@1x1' }), concurrency: 1 } as const;
      const all = { ...cellOf(LOOP), concurrency: 'all' } as const;
      expect(recommend([limited, all], { ...OPTIONS, baseline: 'none' })?.choose).toBe('loop');
    });

    it('keeps the present setting where nothing as good needs fewer lanes', () => {
      const present = threads(2, around(51));
      const other = { ...threads(2, around(50)), id: 'threads@2x4' };
      const [small, large] = [threads(1, around(51)), { ...threads(4, around(50)), id: 'large' }];
      const choose = (specs: readonly CellSpec[]): string | undefined =>
        recommend(specs.map(cellOf), { ...OPTIONS, baseline: 'threads@2', goal })?.choose;
      expect(choose([present, other, large])).toBe('threads@2');
      expect(choose([present, other, small])).toBe('threads@1');
    });

    it('chooses for latency the shortest p99 of those that keep up', () => {
      const cells = [
        withP99(LOOP, 10),
        withP99(threads(2, around(52)), 20),
        withP99({ ...threads(2, around(50)), id: 'threads@2xall' }, 45),
      ];
      expect(recommend(cells, { ...OPTIONS, goal: { ...goal, for: 'latency' } })).toMatchObject({
        choose: 'threads@2',
        fastest: 'threads@2xall',
        tied: ['threads@2'],
      });
      // At half of the throughput the event loop keeps up.
      const half = { ...goal, for: 'latency', minThroughput: 0.45 } as const;
      expect(recommend(cells, { ...OPTIONS, goal: half })?.choose).toBe('loop');
    });

    const withTimes = (
      spec: CellSpec,
      given: { readonly p50?: number; readonly p99?: number; readonly delay?: number },
    ) => {
      const cell = cellOf(spec);
      const { p50 = 5, p99 = 10, delay = 2 } = given;
      return {
        ...cell,
        samples: cell.samples.map((sample, index) => {
          const wobble = 1 + (index % 3) * 0.01;
          return {
            ...sample,
            taskMs: { ...sample.taskMs, p50: p50 * wobble, p99: p99 * wobble },
            loopDelayMs: { ...sample.loopDelayMs, p99: delay * wobble },
          };
        }),
      };
    };

    it('chooses for latency, where the slowest tasks take equally long, by the median one', () => {
      const cells = [
        withTimes({ ...LOOP, wallsMs: around(50) }, { p50: 164 }),
        withTimes(threads(2, around(50)), { p50: 12 }),
      ];
      expect(recommend(cells, { ...OPTIONS, goal: { ...goal, for: 'latency' } })?.choose).toBe('threads@2');
    });

    it('chooses for responsiveness the lowest event-loop delay of those that keep up, and the fewest lanes', () => {
      const cells = [
        withTimes({ ...LOOP, wallsMs: around(51) }, { delay: 237 }),
        withTimes(threads(1, around(52)), { delay: 11 }),
        withTimes(threads(2, around(50)), { delay: 10 }),
        withTimes(threads(4, around(90)), { delay: 1 }),
      ];
      const responsive = { ...goal, for: 'responsiveness' } as const;
      expect(recommend(cells, { ...OPTIONS, goal: responsive })?.choose).toBe('threads@2');
      // Of delays that are not shown to differ, the cheapest: below 2 ms all are one.
      const quick = cells.map((cell, index) =>
        index === 0
          ? cell
          : withTimes(cell.id === 'threads@1' ? threads(1, around(52)) : threads(cell.poolSize, around(50)), {
              delay: index * 0.5,
            }),
      );
      expect(recommend(quick, { ...OPTIONS, goal: responsive })).toMatchObject({
        choose: 'threads@1',
        chosenFor: 'fewest-workers',
      });
    });

    it('chooses for memory the least of those that keep up', () => {
      const cells = [
        { ...LOOP, memoryMiB: 20 },
        threads(2, around(52), { memoryMiB: 60 }),
        threads(4, around(50), { memoryMiB: 50 }),
      ].map(cellOf);
      expect(recommend(cells, { ...OPTIONS, goal: { ...goal, for: 'memory' } })?.choose).toBe('threads@4');
    });

    it('prefers libuv’s pool as it is', () => {
      const larger = { ...cellOf({ ...LOOP, id: 'loop~uv16' }), uvThreads: 16 };
      expect(recommend([larger, cellOf(LOOP)], { ...OPTIONS, baseline: 'none', goal })?.choose).toBe('loop');
      // One that looks faster has to be shown to be.
      const scattered = [80, 110, 85, 105, 90, 101, 88, 99, 84, 108];
      const looking = { ...cellOf({ ...LOOP, id: 'loop~uv16', wallsMs: scattered }), uvThreads: 16 };
      expect(recommend([looking, cellOf(LOOP)], { ...OPTIONS, baseline: 'none', goal })).toMatchObject({
        choose: 'loop',
        chosenFor: 'libuv-threads',
      });
      const faster = { ...cellOf({ ...LOOP, id: 'loop~uv16', wallsMs: around(80) }), uvThreads: 16 };
      expect(recommend([faster, cellOf(LOOP)], { ...OPTIONS, baseline: 'none', goal })?.choose).toBe('loop~uv16');
    });
  });
});
