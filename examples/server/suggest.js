/** The known words that are nearest to a misspelled one: some milliseconds of computing for each request. */
import words from './words.js';

const MOST = 3;

export default function suggest(word) {
  return words
    .map((known) => ({ known, edits: editsBetween(word, known) }))
    .toSorted((a, b) => a.edits - b.edits)
    .slice(0, MOST)
    .map(({ known }) => known);
}

/** Levenshtein’s distance. */
function editsBetween(a, b) {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = a[row - 1] === b[column - 1] ? 0 : 1;
      current.push(Math.min(above[column] + 1, current[column - 1] + 1, above[column - 1] + change));
    }
    above = current;
  }
  return above.at(-1);
}
