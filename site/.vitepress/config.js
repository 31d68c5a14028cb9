import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { checkAnchors } from './check-anchors.js';
import { copyReports, siteLinks } from './links.js';
import { writeForModels } from './llms.js';
import { NAVIGATION } from './navigation.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { description, homepage, repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const REPOSITORY = repository.url.replaceAll(/^git\+|\.git$/g, '');
const BASE = new URL(homepage).pathname;
const ITEMS = NAVIGATION.flatMap(({ items }) => items);

export default defineConfig({
  title: 'Lanewise',
  description,
  lang: 'en',
  base: BASE,
  srcDir: '../docs',
  rewrites: { 'README.md': 'index.md' },
  cleanUrls: true,
  markdown: {
    // The anchors that GitHub gives to headings, so that links work in both places.
    anchor: { slugify: slug },
    config: (markdown) =>
      siteLinks(markdown, {
        root: ROOT,
        base: BASE,
        repository: REPOSITORY,
        titles: new Map(ITEMS.map(({ page, text }) => [`${page}.md`, text])),
      }),
  },
  transformPageData(page) {
    const { about } = ITEMS.find((item) => `${item.page}.md` === page.filePath) ?? {};
    page.description = about ?? description;
    // Its picture needs the width.
    if (page.relativePath === 'index.md') page.frontmatter.aside = false;
  },
  buildEnd({ outDir }) {
    copyReports({ root: ROOT, out: outDir });
    writeForModels({
      docs: join(ROOT, 'docs'),
      out: outDir,
      base: BASE,
      title: 'Lanewise',
      description,
      navigation: NAVIGATION,
    });
    checkAnchors({ out: outDir, base: BASE });
  },
  themeConfig: {
    sidebar: NAVIGATION.map(({ text, items }) => ({
      text,
      items: items.map((item) => ({ text: item.text, link: item.page === 'README' ? '/' : `/${item.page}` })),
    })),
    nav: ['getting-started', 'guide', 'method'].map((name) => {
      const { page, text } = ITEMS.find((item) => item.page === name);
      return { text, link: `/${page}` };
    }),
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/docs/:path`, text: 'Edit this page' },
  },
  vite: {
    plugins: [
      {
        name: 'vue-of-the-site',
        enforce: 'pre',
        // Vite looks for packages from the pages on, above which no Vue is installed; they are rendered below this folder.
        resolveId: (id, _importer, { ssr }) => (ssr && /^vue(?:$|\/)/.test(id) ? { id, external: true } : undefined),
      },
    ],
  },
});
