import { defineConfig } from 'vitest/config';

/** Folders that are projects of their own; all other tests are those of the rooms. */
const APART = ['e2e', 'long', 'cases'];
/** What is tested there rests on how long something takes: it runs when all others have ended. */
const ALONE = 'alone';

export default defineConfig({
  test: {
    setupFiles: ['test/support/own-temp.ts'],
    // Tests start processes and threads of their own; much of what they do is waiting for those.
    maxWorkers: 3,
    // A busy machine takes three times as long; what hangs is ended by timeouts of its own.
    testTimeout: 120_000,
    hookTimeout: 30_000,
    // A test that has looked at nothing, as in a loop over nothing, has not passed.
    expect: { requireAssertions: true },
    // The built files are what is tested: code that runs in real threads and children cannot be transformed on the way.
    server: { deps: { external: [/\/dist\//, /\/examples\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: [...APART, ALONE].map((folder) => `test/${folder}/**`),
        },
      },
      ...APART.map((name) => ({ extends: true as const, test: { name, include: [`test/${name}/*.test.ts`] } })),
      {
        extends: true,
        test: { name: ALONE, include: [`test/${ALONE}/*.test.ts`], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
