import type { WallTime } from '../../dist/src/stats/compare.js';
import { standardNormal, uniformOf, type Uniform } from '../../dist/scripts/evidence/simulated-machine.js';

export { uniformOf as randomOf };

export interface Machine {
  /** Standard deviation of what a whole block is faster or slower by, in logarithms: it meets both cells alike. */
  readonly drift: number;
  /** Of what a cell's host is faster or slower by in one block: compiled differently, placed differently. */
  readonly host: number;
  /** Of a single batch. */
  readonly batch: number;
  /** One batch in so many takes twice as long. */
  readonly hiccupEvery: number;
}

/** As METHOD found the machine that the rules were made on: spread of 15 to 30%, one batch in a hundred twice as long. */
export const NOISY: Machine = { drift: 0.2, host: 0.03, batch: 0.05, hiccupEvery: 100 };

export interface Simulation {
  readonly blocks: number;
  readonly rounds: number;
  /** How many times as fast each cell is as the first: its batches take 10 ms on a quiet machine. */
  readonly speedups: readonly number[];
}

/** Wall times of cells whose truth is known, by cell. */
export function simulate({ blocks, rounds, speedups }: Simulation, machine: Machine, random: Uniform): WallTime[][] {
  const cells: WallTime[][] = speedups.map(() => []);
  for (let block = 0; block < blocks; block++) {
    const drift = machine.drift * standardNormal(random);
    const hosts = speedups.map(() => machine.host * standardNormal(random));
    for (let round = 0; round < rounds; round++) {
      for (const [index, speedup] of speedups.entries()) {
        const hiccup = random() * machine.hiccupEvery < 1 ? Math.log(2) : 0;
        const log = drift + (hosts[index] ?? 0) + machine.batch * standardNormal(random) + hiccup;
        cells[index]?.push({ block, round, wallMs: (10 / speedup) * Math.exp(log) });
      }
    }
  }
  return cells;
}
