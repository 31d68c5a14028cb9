/** A fault of most kinds in every strategy; test/nightly has all of them. */
import { testFaults } from '../support/fault-tests.ts';

testFaults(
  [
    'throws an Error',
    'never settles',
    'loops for ever',
    'kills its process',
    'takes an input that cannot be cloned',
    'gives another result in every worker',
  ],
  ['kills its process'],
);
