import type { Verdict } from '../model/results.ts';
import type { Tone } from './document.ts';

/** What is thought of a verdict, wherever it is told. */
export const VERDICT_TONES: Readonly<Record<Verdict, Tone>> = {
  faster: 'good',
  slower: 'bad',
  same: 'quiet',
  inconclusive: 'unsure',
};
