/** How each language writes what is not words. */
import type { Language } from './lessons.ts';

/** The same in every language: one that lacks a translation does not compile. */
export type Text = Readonly<Record<Language, string>>;

/** A sentence with something in it that is written differently from language to language. */
export function text(write: (language: Language) => string): Text {
  return { en: write('en'), pt: write('pt') };
}

const LOCALES: Readonly<Record<Language, string>> = { en: 'en', pt: 'pt-BR' };

/** Three significant digits, with the decimal sign of the language: 40.4 is `40,4` in Portuguese. */
export function number(value: number, language: Language): string {
  const digits = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat(LOCALES[language], { ...digits, useGrouping: false }).format(value);
}

export function milliseconds(value: number, language: Language): string {
  return `${number(value, language)} ms`;
}
