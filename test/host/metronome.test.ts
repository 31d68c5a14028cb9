import { afterEach, expect, it, vi } from 'vitest';
import { openMetronome } from '../../dist/src/host/metronome.js';
import { NS_PER_MS, nowNs, pause } from '../../workers/clock.ts';

const metronome = await openMetronome();
let stop = (): void => undefined;
afterEach(() => stop());

/** In ms from now. */
function times(...ms: readonly number[]): Float64Array {
  const fromNs = nowNs();
  return Float64Array.from(ms, (one) => fromNs + one * NS_PER_MS);
}

it('beats once for each time, and not before it', async () => {
  const dueNs = times(2, 2, 5.5, 9.25);
  const beatsNs: number[] = [];
  stop = metronome.start(dueNs, () => beatsNs.push(nowNs()));
  await vi.waitFor(() => expect(beatsNs).toHaveLength(dueNs.length));
  await pause(5);
  expect(beatsNs).toHaveLength(dueNs.length);
  for (const [beat, ns] of beatsNs.entries()) expect(ns).toBeGreaterThanOrEqual(dueNs[beat] ?? Infinity);
});

it('beats no more once it is stopped, and begins the next sequence at once', async () => {
  const first = vi.fn<() => void>();
  metronome.start(times(1, 60_000), first)();
  const second = vi.fn<() => void>();
  stop = metronome.start(times(1), second);
  await vi.waitFor(() => expect(second).toHaveBeenCalledOnce());
  expect(first).not.toHaveBeenCalled();
});

it('beats at once for what is past', async () => {
  const beat = vi.fn<() => void>();
  stop = metronome.start(times(-5, -1), beat);
  await vi.waitFor(() => expect(beat).toHaveBeenCalledTimes(2));
});
