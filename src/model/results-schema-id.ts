/** The version of the results: fields may be added under it, none may change its meaning. */
export const RESULTS_SCHEMA_ID = 'lanewise/results@1';
