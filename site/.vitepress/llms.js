import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes what programs read instead of the pages: llms.txt (https://llmstxt.org), all of them in one, and each. */
export function writeForModels({ docs, out, base, title, description, navigation }) {
  const pages = navigation.flatMap(({ items }) => items.map(({ page }) => join(docs, `${page}.md`)));
  const sections = navigation.map(
    ({ text, items }) =>
      `## ${text}\n\n${items.map((item) => `- [${item.text}](${base}${item.page}.md): ${item.about}\n`).join('')}`,
  );
  writeFileSync(join(out, 'llms.txt'), `# ${title}\n\n> ${description}\n\n${sections.join('\n')}`);
  writeFileSync(join(out, 'llms-full.txt'), pages.map((page) => readFileSync(page, 'utf8')).join('\n'));
  for (const { page } of navigation.flatMap(({ items }) => items))
    copyFileSync(join(docs, `${page}.md`), join(out, `${page}.md`));
}
