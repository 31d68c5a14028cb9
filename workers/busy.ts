/** Numbers that threads share and write for every task lie this far apart: on one cache line, each would wait for the other. */
export const BUSY_STRIDE = 16;
