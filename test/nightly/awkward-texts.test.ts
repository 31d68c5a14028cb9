import { ALL_AWKWARD, testAwkwardTexts } from '../support/awkward-texts.js';

testAwkwardTexts(ALL_AWKWARD);
