const LINE_WIDTH = 80;

/**
 * Breaks between words, and inside those that no line can hold, with `indent` before each line; escapes of colours are taken for
 * letters, so that a coloured line can come out shorter.
 */
export function wrap(text: string, indent = ''): string {
  const width = LINE_WIDTH - indent.length;
  const piece = new RegExp(`.{1,${width}}`, 'gsu');
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((long) => long.match(piece) ?? [long])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.map((line) => `${indent}${line}`).join('\n');
}
