import { randomInt } from 'node:crypto';

/** Small enough to be typed again. */
const LARGEST_SEED = 2 ** 31;

/** Where no seed is asked for. */
export function randomSeed(): number {
  return randomInt(LARGEST_SEED);
}
