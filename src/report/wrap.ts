const LINE_WIDTH = 80;
const PIECE = new RegExp(`.{1,${LINE_WIDTH}}`, 'gsu');

/** Breaks between words, and inside those that no line can hold; escapes of colours are taken for letters, so that a coloured line can come out shorter. */
export function wrap(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap(pieces)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

function pieces(word: string): readonly string[] {
  return word.match(PIECE) ?? [word];
}
