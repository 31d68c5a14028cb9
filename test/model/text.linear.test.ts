/** A sample of what test/nightly/awkward-texts.test.ts does with all units, which takes half a minute. */
import { testAwkwardTexts } from '../support/awkward-texts.js';

testAwkwardTexts({
  fed: [' ', '\n', '@', 'a-', '中', '\u001b', '\ud800', '://a@', 'token=', '\\u', '/tmp/a', '1,'],
  shown: ['<', '\u2028'],
});
