/** A noisy neighbour: keeps one core busy, on and off at random, until its parent hangs up. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { spin } from './twins.ts';

const SHORTEST_MS = 20;
const LONGEST_MS = 800;
const STEPS = 1_000_000;

const generator = xoroshiro128plus(Number(process.argv[2] ?? 1));
process.on('disconnect', () => process.exit());

function beBusy(): void {
  // A parent that hung up while this was being loaded was not heard.
  if (!process.connected) process.exit();
  const until = Date.now() + uniformInt(generator, SHORTEST_MS, LONGEST_MS);
  while (Date.now() < until) spin(STEPS);
  setTimeout(beBusy, uniformInt(generator, SHORTEST_MS, LONGEST_MS));
}

beBusy();
