/** Numbers and texts in the languages of the lessons. */
import type { Language } from './lessons.ts';

/** A text in every language: a missing translation does not compile. */
export type Text = Readonly<Record<Language, string>>;

/** A sentence with a part that depends on the language, such as a number. */
export function text(write: (language: Language) => string): Text {
  return { en: write('en'), pt: write('pt') };
}

const LOCALES: Readonly<Record<Language, string>> = { en: 'en', pt: 'pt-BR' };

/** The language of a locale such as `pt-BR`; English, if that has no lessons. */
export function languageOfLocale(locale: string): Language {
  const [spoken] = locale.toLowerCase().split(/[-_.]/);
  return (Object.keys(LOCALES) as Language[]).find((language) => language === spoken) ?? 'en';
}

/** Three significant digits, with the decimal separator of the language: 40.4 is `40,4` in Portuguese. */
export function number(value: number, language: Language): string {
  const digits = Math.abs(value) >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat(LOCALES[language], { ...digits, useGrouping: false }).format(value);
}

export function milliseconds(value: number, language: Language): string {
  return `${number(value, language)} ms`;
}
