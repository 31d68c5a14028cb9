/** Pieces of JavaScript as text. */
export type Lines = readonly string[];

/** One file to paste. */
export interface CodeFile {
  readonly name: string;
  readonly text: string;
}

/** Joins non-empty parts with blank lines. */
export function paragraphs(...parts: readonly Lines[]): Lines {
  return parts.filter((part) => part.length > 0).flatMap((part, index) => (index === 0 ? part : ['', ...part]));
}

export function indented(lines: Lines): Lines {
  return lines.map((line) => (line === '' ? '' : `  ${line}`));
}

/** A JavaScript string literal. */
export function quoted(text: string): string {
  return `'${escaped(text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`))}'`;
}

/** Undefined if JSON cannot hold the value, which may come from a configuration file. */
export function json(value: unknown): string | undefined {
  try {
    // Undefined for a function, despite its type.
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : escaped(text);
  } catch {
    return undefined;
  }
}

/** Escapes invisible characters, which could redraw a terminal or disguise code. */
export function escaped(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** Escapes characters of a path that mean something else in a URL. */
export function urlPath(path: string): string {
  return path.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('?', '%3F');
}

export function propertyKey(name: string): string {
  return isIdentifier(name) ? name : quoted(name);
}

export function isIdentifier(name: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}
