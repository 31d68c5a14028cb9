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

const NO_TASKS: Text = {
  en: 'its experiment started no task that the claims are about',
  pt: 'o experimento não iniciou nenhuma tarefa de que as afirmações tratam',
};

/** @throws if the experiment of a modified copy returns something that its claims cannot be checked against */
export function checked(check: () => CheckedClaims, language: Language): CheckedClaims {
  let found: CheckedClaims;
  try {
    found = check();
  } catch (thrown) {
    throw new Error(`${NO_EVIDENCE[language]} (${messageOf(thrown)})`, { cause: thrown });
  }
  // The longest of no times is none.
  const isAboutNothing = found.claims.some(
    ({ expected }) => Number.isNaN(expected) || Math.abs(Number(expected)) === Infinity,
  );
  if (isAboutNothing) throw new Error(NO_TASKS[language]);
  return found;
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
