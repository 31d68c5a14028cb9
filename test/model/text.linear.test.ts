/** A sample of what test/nightly/awkward-texts.test.ts does with all units, which takes half a minute. */
import { testAwkwardTexts } from '../support/awkward-texts.js';

testAwkwardTexts({
  fed: [' ', '@', 'a-', '\u001b', '://a@', 'token=', '/tmp/a'],
  shown: ['<'],
});
