/** The level that all comparisons shown together share: 95 % intervals for the lot of them. */
export const LEVEL = 0.05;
