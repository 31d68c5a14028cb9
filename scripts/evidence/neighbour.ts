/**
 * A noisy neighbour: keeps one CPU busy at random times until its parent disconnects.
 *
 *   node neighbour.js [seed] [bursts | light | steady]
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { spin } from './twins.ts';

interface Durations {
  readonly shortestMs: number;
  readonly longestMs: number;
}

/** `light` takes a fifth of a CPU, less than `lanewise compare` takes for another load. */
const HABITS = {
  bursts: { busy: { shortestMs: 20, longestMs: 800 }, idle: { shortestMs: 20, longestMs: 800 } },
  light: { busy: { shortestMs: 10, longestMs: 50 }, idle: { shortestMs: 40, longestMs: 200 } },
  steady: { busy: { shortestMs: 800, longestMs: 800 }, idle: { shortestMs: 0, longestMs: 0 } },
} as const satisfies Record<string, Readonly<Record<'busy' | 'idle', Durations>>>;
const STEPS = 1_000_000;

export type Habit = keyof typeof HABITS;

const generator = xoroshiro128plus(Number(process.argv[2] ?? 1));
const { busy, idle } = HABITS[(process.argv[3] ?? 'bursts') as Habit];
process.on('disconnect', () => process.exit());

function drawn({ shortestMs, longestMs }: Durations): number {
  return uniformInt(generator, shortestMs, longestMs);
}

function beBusy(): void {
  // The parent may have disconnected before the listener was added.
  if (!process.connected) process.exit();
  const until = Date.now() + drawn(busy);
  while (Date.now() < until) spin(STEPS);
  setTimeout(beBusy, drawn(idle));
}

beBusy();
