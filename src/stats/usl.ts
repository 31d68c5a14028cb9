/** The Universal Scalability Law (N. J. Gunther, Guerrilla Capacity Planning, 2007): X(N) = λN / (1 + σ(N-1) + κN(N-1)). */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';

export interface Usl {
  /** σ: the share that only one lane can do at a time. */
  readonly contention: number;
  /** κ: what each pair of lanes costs each other. */
  readonly coherency: number;
}

/** A pool size, and ln of how many times as fast as the reference it is. */
export interface ScalingPoint {
  readonly lanes: number;
  readonly gain: number;
}

/** Beyond that a model of anything has no meaning: nothing at all would run beside anything else. */
const MOST = 1;
const START: Usl = { contention: 0.05, coherency: 0.001 };
const ITERATIONS = 60;

/** ln of how many times as fast as `from` lanes so many are. */
export function gainOf({ contention, coherency }: Usl, lanes: number, from: number): number {
  const delay = (count: number): number => Math.log(1 + contention * (count - 1) + coherency * count * (count - 1));
  return Math.log(lanes / from) - delay(lanes) + delay(from);
}

/** Least squares of the logarithms, with both values from 0 to 1. */
export function fitUsl(points: readonly ScalingPoint[], from: number, start: Usl = START): Usl {
  const { parameterValues } = levenbergMarquardt(
    { x: points.map(({ lanes }) => lanes), y: points.map(({ gain }) => gain) },
    ([contention = 0, coherency = 0]) =>
      (lanes) =>
        gainOf({ contention, coherency }, lanes, from),
    {
      initialValues: [start.contention, start.coherency],
      minValues: [0, 0],
      maxValues: [MOST, MOST],
      maxIterations: ITERATIONS,
      errorTolerance: 1e-14,
      gradientDifference: 1e-5,
      centralDifference: true,
    },
  );
  const [contention = 0, coherency = 0] = parameterValues;
  return { contention, coherency };
}

/** With more lanes than that it gets slower; undefined: it never does. */
export function peakOf({ contention, coherency }: Usl): number | undefined {
  return coherency > 0 ? Math.sqrt(Math.max(0, 1 - contention) / coherency) : undefined;
}
