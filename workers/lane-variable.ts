import type { LaneAssignment, LaneId } from './contract.ts';

/** The value of the variable, as JSON. */
export interface OwnAssignment {
  readonly assignment: LaneAssignment;
  readonly kind: LaneId['kind'];
}

/** Environment variable with the assignment of a worker in a custom pool. */
export const LANE_VARIABLE = 'LANEWISE_LANE';
