import { existsSync, statSync } from 'node:fs';
import { posix, resolve } from 'node:path';

/** A picture of the part of the README that a page includes: GitHub asks the system for the theme, the site has a switch. */
const PICTURE =
  /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="docs\/([^"]+)">\s*<img src="docs\/([^"]+)" alt="([^"]*)">\s*<\/picture>/;
const ONE_FOR_EACH_THEME = '<img class="only-dark" src="./$1" alt="$3">\n<img class="only-light" src="./$2" alt="$3">';

/**
 * Makes links of the site from those of the pages. The files of docs/ link to each other and to the rest of the
 * repository by relative paths, as GitHub follows them; what is not a page of the site leads to the repository. The name
 * of a file as text (`[tune.md](tune.md)`) becomes the title of its page.
 */
export function siteLinks(markdown, { root, repository, titles }) {
  markdown.core.ruler.push('site-links', ({ tokens }) => {
    for (const token of tokens) {
      if (token.type === 'html_block') token.content = token.content.replace(PICTURE, ONE_FOR_EACH_THEME);
      for (const [index, part] of (token.children ?? []).entries()) {
        if (part.type !== 'link_open') continue;
        part.attrSet('href', addressOf(part.attrGet('href'), { root, repository }));
        const text = token.children[index + 1];
        text.content = titles.get(text.content) ?? text.content;
      }
    }
  });
}

function addressOf(href, { root, repository }) {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return href;
  const [path, anchor] = href.split('#');
  // What is included from the README has its paths from the root.
  const file = [posix.join('docs', path), path].find((name) => existsSync(resolve(root, name)));
  // VitePress then reports the link as dead.
  if (file === undefined) return href;
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const [, page] = /^docs\/([^/]+)\.md$/.exec(file) ?? [];
  if (page !== undefined) return `${page === 'README' ? '/' : `/${page}`}${hash}`;
  return `${repository}/${statSync(resolve(root, file)).isDirectory() ? 'tree' : 'blob'}/main/${file}${hash}`;
}
