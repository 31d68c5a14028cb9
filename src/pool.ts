/** A process pool for programs: `lanewise/pool`. */
export { PoolError, type PoolErrorCode } from './pool/pool-errors.ts';
export type { ProcessPoolOptions } from './pool/pool-options.ts';
export { ProcessPool, type TaskOptions } from './pool/process-pool.ts';
