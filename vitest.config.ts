import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/own-temp.ts'],
    // Tests start processes and threads of their own; two cores are what a small machine has.
    maxWorkers: 2,
    // A busy machine takes three times as long; what hangs is ended by timeouts of its own.
    testTimeout: 120_000,
    hookTimeout: 30_000,
    // The built files are what is tested: code that runs in real threads and children cannot be transformed on the way.
    server: { deps: { external: [/\/dist\//, /\/examples\//] } },
  },
});
