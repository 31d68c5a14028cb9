import { Bench } from 'tinybench';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import { deferred } from '../../workers/deferred.ts';
import type { MeasuredBatch } from '../stats/sample.ts';

/**
 * tinybench drives the measured batches: one benchmark whose every iteration waits for the cell's turn.
 * The answer asks for one more batch.
 */
export function createSampler(
  name: string,
  rounds: number,
  measureOne: () => Promise<MeasuredBatch>,
): () => Promise<MeasuredBatch> {
  let turn = deferred<void>();
  let sample = deferred<MeasuredBatch>();
  /** Passes on what became of the batch, once tinybench has taken note of it. */
  let tell: (() => void) | undefined;
  // `time: 0` with a number of iterations is exactly that number.
  const bench = new Bench({ time: 0, iterations: rounds, warmup: false, throws: true, now: () => nowNs() / NS_PER_MS });
  bench.add(
    name,
    async () => {
      const { resolve, reject } = sample;
      try {
        const batch = await measureOne();
        tell = () => resolve(batch);
        // The window that was measured, without the readings around it.
        return { overriddenDuration: batch.wallMs };
      } catch (thrown) {
        // tinybench calls the hook after the iteration all the same.
        tell = () => reject(thrown);
        throw thrown;
      }
    },
    {
      // Otherwise tinybench calls the function once, un-awaited, to find out.
      async: true,
      beforeEach: () => turn.promise,
      afterEach: () => {
        turn = deferred();
        sample = deferred();
        tell?.();
        tell = undefined;
      },
    },
  );
  let isRunning = false;
  return () => {
    const taken = sample.promise;
    if (!isRunning) {
      isRunning = true;
      // After a failure there are no more batches: whoever asks for one is told.
      bench.run().catch((thrown: unknown) => {
        tell?.();
        sample.promise.catch(() => undefined);
        sample.reject(thrown);
      });
    }
    turn.resolve();
    return taken;
  };
}
