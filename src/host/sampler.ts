import { Bench } from 'tinybench';
import { NS_PER_MS, nowNs } from '../../workers/clock.ts';
import { deferred } from '../../workers/deferred.ts';
import type { MeasuredBatch } from '../stats/sample.ts';

/**
 * Lets tinybench drive the measured batches: one benchmark, every iteration of which waits for the cell's turn.
 * The returned function asks for one more batch.
 */
export function createSampler(
  name: string,
  rounds: number,
  measureOne: () => Promise<MeasuredBatch>,
): () => Promise<MeasuredBatch> {
  let turn = deferred<void>();
  let sample = deferred<MeasuredBatch>();
  /** Settles the current request, once tinybench has recorded the batch. */
  let settle: (() => void) | undefined;
  // `time: 0` with a number of iterations is exactly that number.
  const bench = new Bench({ time: 0, iterations: rounds, warmup: false, throws: true, now: () => nowNs() / NS_PER_MS });
  bench.add(
    name,
    async () => {
      const { resolve, reject } = sample;
      try {
        const batch = await measureOne();
        settle = () => resolve(batch);
        // The timed window only, without the readings around it.
        return { overriddenDuration: batch.wallMs };
      } catch (thrown) {
        // tinybench calls the hook after the iteration all the same.
        settle = () => reject(thrown);
        throw thrown;
      }
    },
    {
      // Otherwise tinybench calls the function once, not awaited, to find out.
      async: true,
      beforeEach: () => turn.promise,
      afterEach: () => {
        turn = deferred();
        sample = deferred();
        settle?.();
        settle = undefined;
      },
    },
  );
  let isRunning = false;
  return () => {
    const taken = sample.promise;
    if (!isRunning) {
      isRunning = true;
      // No more batches after a failure: later requests are rejected.
      bench.run().catch((thrown: unknown) => {
        settle?.();
        sample.promise.catch(() => undefined);
        sample.reject(thrown);
      });
    }
    turn.resolve();
    return taken;
  };
}
