/** A text as JavaScript has it. */
export function quoted(text: string): string {
  return `'${escaped(text.replaceAll('\\', String.raw`\\`).replaceAll("'", String.raw`\'`))}'`;
}

/** Undefined of what JSON cannot hold: a configuration file can give anything. */
export function json(value: unknown): string | undefined {
  try {
    // Of a function it gives nothing.
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : escaped(text);
  } catch {
    return undefined;
  }
}

/** A path in a comment. */
export function commented(text: string): string {
  return escaped(text);
}

/** What cannot be seen could redraw a terminal, or make code read as what it is not. */
function escaped(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Bidi_C}\u2028\u2029]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** A path without what would mean something else in a URL. */
export function urlPath(path: string): string {
  return path.replaceAll('%', '%25').replaceAll('#', '%23').replaceAll('?', '%3F');
}
