import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Replaces the text between the marks `<!-- name -->` and `<!-- /name -->` of a page in docs/. */
export function writeDocs(page: string, name: string, text: string): void {
  const path = fileURLToPath(new URL(`../../../docs/${page}`, import.meta.url));
  const docs = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [docs.indexOf(begin), docs.indexOf(end)];
  if (from === -1 || to < from)
    throw new Error(`docs/${page} lacks the marks <!-- ${name} --> and <!-- /${name} -->: add them.`);
  writeFileSync(path, `${docs.slice(0, from + begin.length)}\n\n${text}\n\n${docs.slice(to)}`);
}
