import type { Text } from '../model/language.ts';
import type { Language } from '../model/lessons.ts';
import type { Slice } from '../model/results.ts';
import type { CheckedClaims } from './lesson.ts';

/** The claims about what one configuration did, checked, and its timeline. */
export interface CheckedRun extends CheckedClaims {
  readonly slices: Slice[];
}

const NO_EVIDENCE: Text = {
  en: 'its experiment did not return what the claims need',
  pt: 'o experimento não devolveu os dados de que as afirmações precisam',
};

/** @throws if the experiment of a modified copy returns something that its claims cannot be checked against */
export function checked(check: () => CheckedClaims, language: Language): CheckedClaims {
  try {
    return check();
  } catch (thrown) {
    throw new Error(`${NO_EVIDENCE[language]} (${messageOf(thrown)})`, { cause: thrown });
  }
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
