import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Habit } from './neighbour.ts';

/** Measures beside a neighbour, which is gone afterwards; without one if it has no habit. */
export async function beside<Found>(
  habit: Habit | undefined,
  seed: number,
  measure: () => Promise<Found>,
): Promise<Found> {
  if (habit === undefined) return measure();
  const neighbour = fork(fileURLToPath(new URL('neighbour.js', import.meta.url)), [String(seed), habit]);
  try {
    return await measure();
  } finally {
    const ended = once(neighbour, 'exit');
    neighbour.disconnect();
    await ended;
  }
}
