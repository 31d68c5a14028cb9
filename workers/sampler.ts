import { Bench } from 'tinybench';
import { NS_PER_MS, nowNs } from './clock.ts';
import { deferred } from './deferred.ts';
import type { MeasuredBatch } from './measure-batch.ts';

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
  // `time: 0` with a number of iterations is exactly that number.
  const bench = new Bench({ time: 0, iterations: rounds, warmup: false, throws: true, now: () => nowNs() / NS_PER_MS });
  let batch: MeasuredBatch | undefined;
  bench.add(
    name,
    async () => {
      batch = await measureOne();
      // The window that was measured, without the readings around it.
      return { overriddenDuration: batch.wallMs };
    },
    {
      // Otherwise tinybench calls the function once, un-awaited, to find out.
      async: true,
      beforeEach: () => turn.promise,
      afterEach: () => {
        const { resolve } = sample;
        turn = deferred();
        sample = deferred();
        if (batch !== undefined) resolve(batch);
      },
    },
  );
  let isRunning = false;
  return () => {
    const taken = sample.promise;
    if (!isRunning) {
      isRunning = true;
      bench.run().catch((thrown: unknown) => sample.reject(thrown));
    }
    turn.resolve();
    return taken;
  };
}
