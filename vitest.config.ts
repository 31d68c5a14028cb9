import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders that are projects of their own; all other tests are those of the rooms. */
const APART = ['cases', 'nightly', 'long', 'e2e'];
/** What is tested there rests on how long something takes: it runs when all others have ended. */
const ALONE = 'alone';
/** Tests of what a process has once: the times of all its children, the copies of packages that it has loaded. */
const OWN_PROCESS = ['test/workers/commands.test.ts', 'test/workers/load-workload.test.ts'];
/** What proves and documents the project, which few changes are about. */
const SCRIPTS = 'scripts';
/** A process for each of so many small files took 18% of their CPU time. */
const SHARED = false;
/** Windows' own Node under Wine takes all CPUs, so it runs after everything else. */
const WINDOWS = 'windows';

/**
 * Starts these folders before the rooms, in this order. A clean clone knows no durations, and Vitest would start the
 * largest files first: of these folders, some of the slowest among the last.
 */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- not a list: the order of Vitest itself
    const usual = await super.sort(files);
    return usual.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId }: TestSpecification): number {
  const [, folder = ''] = relative(import.meta.dirname, moduleId).split(/[\\/]/);
  return APART.includes(folder) ? APART.indexOf(folder) : APART.length;
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongFirst },
    globalSetup: ['test/support/temp-prefix.ts'],
    setupFiles: ['test/support/own-temp.ts'],
    // Tests start processes and threads of their own; much of what they do is waiting for those.
    maxWorkers: 4,
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
          isolate: SHARED,
          exclude: [...OWN_PROCESS, ...[...APART, ALONE, WINDOWS, SCRIPTS].map((folder) => `test/${folder}/**`)],
        },
      },
      { extends: true, test: { name: SCRIPTS, include: [`test/${SCRIPTS}/**/*.test.ts`], isolate: SHARED } },
      { extends: true, test: { name: 'process', include: OWN_PROCESS } },
      ...APART.map((name) => ({ extends: true as const, test: { name, include: [`test/${name}/*.test.ts`] } })),
      {
        extends: true,
        test: { name: ALONE, include: [`test/${ALONE}/*.test.ts`], maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        test: {
          name: WINDOWS,
          include: [`test/${WINDOWS}/**/*.test.ts`],
          globalSetup: [`test/${WINDOWS}/setup/install-wine.ts`],
          maxWorkers: 2,
          // A process takes ten times as long to start there.
          testTimeout: 600_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
