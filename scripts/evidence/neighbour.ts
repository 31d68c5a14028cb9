/** A noisy neighbour: keeps one CPU busy at random times until its parent disconnects. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { spin } from './twins.ts';

const SHORTEST_MS = 20;
const LONGEST_MS = 800;
const STEPS = 1_000_000;

const generator = xoroshiro128plus(Number(process.argv[2] ?? 1));
process.on('disconnect', () => process.exit());

function beBusy(): void {
  // The parent may have disconnected before the listener was added.
  if (!process.connected) process.exit();
  const until = Date.now() + uniformInt(generator, SHORTEST_MS, LONGEST_MS);
  while (Date.now() < until) spin(STEPS);
  setTimeout(beBusy, uniformInt(generator, SHORTEST_MS, LONGEST_MS));
}

beBusy();
