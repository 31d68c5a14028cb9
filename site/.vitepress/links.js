import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';

/** A picture of the part of the README that a page includes: GitHub asks the system for the theme, the site has a switch. */
const PICTURE =
  /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="docs\/([^"]+)">\s*<img src="docs\/([^"]+)" alt="([^"]*)">\s*<\/picture>/;
const ONE_FOR_EACH_THEME = '<img class="only-dark" src="./$1" alt="$3">\n<img class="only-light" src="./$2" alt="$3">';

/** A committed report of the gallery, which is a page of the site beside those that VitePress makes. */
const REPORT = /^examples\/gallery\/reports\/([^/]+)\/index\.html$/;

/**
 * Makes links of the site from those of the pages. The files of docs/ link to each other and to the rest of the
 * repository by relative paths, as GitHub follows them; what is not a page of the site leads to the repository. The name
 * of a file as text (`[tune.md](tune.md)`) becomes the title of its page.
 */
export function siteLinks(markdown, { root, base, repository, titles }) {
  markdown.core.ruler.push('site-links', ({ tokens }) => {
    for (const token of tokens) {
      if (token.type === 'html_block') token.content = token.content.replace(PICTURE, ONE_FOR_EACH_THEME);
      for (const [index, part] of (token.children ?? []).entries()) {
        if (part.type !== 'link_open') continue;
        const file = fileOf(part.attrGet('href'), root);
        const [, report] = REPORT.exec(file ?? '') ?? [];
        if (report !== undefined) {
          part.attrSet('href', `${base}${reportPage(report)}`);
          // Or the script of the site would look for it among its own pages.
          part.attrSet('target', '_self');
          continue;
        }
        part.attrSet('href', addressOf(part.attrGet('href'), { root, repository }));
        const text = token.children[index + 1];
        text.content = titles.get(text.content) ?? text.content;
      }
    }
  });
}

/** Copies the reports of the gallery to where the links lead. */
export function copyReports({ root, out }) {
  const reports = join(root, 'examples/gallery/reports');
  mkdirSync(join(out, 'reports'), { recursive: true });
  for (const name of readdirSync(reports)) copyFileSync(join(reports, name, 'index.html'), join(out, reportPage(name)));
}

function reportPage(name) {
  return `reports/${name}.html`;
}

/** The file of the repository that a link leads to; undefined: none, or elsewhere. */
function fileOf(href, root) {
  if (/^(?:[a-z]+:|#|\/)/.test(href)) return undefined;
  const [path] = href.split('#');
  // What is included from the README has its paths from the root.
  return [posix.join('docs', path), path].find((name) => existsSync(resolve(root, name)));
}

function addressOf(href, { root, repository }) {
  const file = fileOf(href, root);
  // A missing file is left as it is: VitePress then reports the link as dead.
  if (file === undefined) return href;
  const [, anchor] = href.split('#');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const [, page] = /^docs\/([^/]+)\.md$/.exec(file) ?? [];
  if (page !== undefined) return `${page === 'README' ? '/' : `/${page}`}${hash}`;
  return `${repository}/${statSync(resolve(root, file)).isDirectory() ? 'tree' : 'blob'}/main/${file}${hash}`;
}
