/** A fault of each kind in every strategy; test/nightly has all of them. */
import { testFaults } from '../support/fault-tests.ts';

testFaults(
  [
    'throws an Error',
    'never settles',
    'loops for ever',
    'calls process.exit(3)',
    'kills its process',
    'takes an input that cannot be cloned',
    'gives another result in every worker',
  ],
  ['kills its process'],
);
