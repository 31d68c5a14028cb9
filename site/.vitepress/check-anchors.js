import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Fails if a link of the site leads to a page or a heading that it does not have: VitePress looks for pages only, and not
 * in what it renders itself.
 */
export function checkAnchors({ out, base }) {
  const pages = new Map(
    readdirSync(out)
      .filter((name) => name.endsWith('.html'))
      .map((name) => [name.replace(/\.html$/, ''), readFileSync(join(out, name), 'utf8')]),
  );
  const idsOf = new Map([...pages].map(([name, html]) => [name, new Set(valuesOf(html, 'id'))]));
  const dead = [...pages].flatMap(([name, html]) =>
    valuesOf(html, 'href')
      .filter((href) => href.startsWith('#') || (href.startsWith(base) && !/\.\w+$/.test(href)))
      .filter((href) => {
        const [path = '', anchor = ''] = href.split('#');
        const ids = idsOf.get(path === '' ? name : path.slice(base.length) || 'index');
        return ids === undefined || (anchor !== '' && !ids.has(decodeURIComponent(anchor)));
      })
      .map((href) => `${name}: ${href}`),
  );
  if (dead.length > 0) throw new Error(`Dead links:\n${dead.join('\n')}`);
}

function valuesOf(html, attribute) {
  return [...html.matchAll(new RegExp(` ${attribute}="([^"]*)"`, 'g'))].map(([, value]) =>
    value.replaceAll('&amp;', '&'),
  );
}
