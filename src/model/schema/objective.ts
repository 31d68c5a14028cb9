import { Type } from 'typebox';
import { SHORTEST_OBJECTIVE_MS } from '../evidence.ts';
import { described } from './common.ts';

/** The latency that a load measurement asks for. */
export const objective = described('The latency not to exceed.', {
  quantile: Type.Enum(['p50', 'p90', 'p95', 'p99']),
  ms: Type.Number({ minimum: SHORTEST_OBJECTIVE_MS }),
});
