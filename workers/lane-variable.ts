/** The environment variable in which a worker of a pool of the user's finds what it is to run. */
export const LANE_VARIABLE = 'LANEWISE_LANE';
