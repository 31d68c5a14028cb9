import type { LaneAssignment, LaneId } from './contract.ts';

/** What is found there, as JSON. */
export interface OwnAssignment {
  readonly assignment: LaneAssignment;
  readonly kind: LaneId['kind'];
}

/** The environment variable in which a worker of a pool of the user's finds what it is to run. */
export const LANE_VARIABLE = 'LANEWISE_LANE';
